package io.countersign.service.ops;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.store.Epoch;
import io.countersign.service.store.OnceStore;
import io.countersign.service.store.RedisStore;
import io.countersign.verifier.bytes.Bytes;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** A store whose spends are counted by outcome, and which shows whether it can be used. */
public final class MeteredStore implements OnceStore, AutoCloseable {
    private static final String SPENDS = "countersign.store.spends";

    private final OnceStore store;
    private final MeterRegistry registry;

    /** Shows and counts from now on. */
    public MeteredStore(OnceStore store, MeterRegistry registry) {
        this.store = store;
        this.registry = registry;
        Gauge.builder("countersign.store.up", store, it -> it.state().trouble().isEmpty() ? 1 : 0)
                .description("1 while what must happen once can be recorded")
                .tag("kind", store.state().kind())
                .strongReference(true)
                .register(registry);
    }

    @Override
    public Epoch epoch() {
        return store.epoch();
    }

    @Override
    public Spending spend(Kind kind, Bytes id, Epoch madeUnder, Instant until, Instant now) {
        try {
            Spending spending = store.spend(kind, id, madeUnder, until, now);
            count(kind, word(spending));
            return spending;
        } catch (CountersignException unsure) {
            count(kind, "unavailable");
            throw unsure;
        }
    }

    private void count(Kind kind, String outcome) {
        registry.counter(SPENDS, "kind", word(kind), "outcome", outcome).increment();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public Spending look(Kind kind, Bytes id, Epoch madeUnder) {
        return store.look(kind, id, madeUnder);
    }

    @Override
    public void remember(Bytes name, Bytes content, Instant until, Instant now) {
        store.remember(name, content, until, now);
    }

    @Override
    public Optional<Bytes> recall(Bytes name, Instant now) {
        return store.recall(name, now);
    }

    @Override
    public State state() {
        return store.state();
    }

    @Override
    public void close() {
        if (store instanceof RedisStore redis) {
            redis.close();
        }
    }
}
