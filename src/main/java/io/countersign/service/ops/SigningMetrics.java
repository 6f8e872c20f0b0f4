package io.countersign.service.ops;

import io.countersign.service.signing.SigningObserver;
import io.countersign.service.signing.SigningRing;
import io.countersign.service.signing.Standing;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** How old the signing key is, how many keys stand how, and what went wrong. */
public final class SigningMetrics implements SigningObserver {
    private static final String READS = "countersign.signing.ring.reads";
    private static final String FAILURES = "countersign.signing.failures";

    private final MeterRegistry registry;

    public SigningMetrics(MeterRegistry registry) {
        this.registry = registry;
        // There from the start, so that alarms see the first step from 0 to 1.
        List.of("read", "failed").forEach(outcome -> registry.counter(READS, "outcome", outcome));
        registry.counter(FAILURES);
    }

    /** Shows the keys. */
    public void kept(SigningRing ring, InstantSource clock) {
        Gauge.builder("countersign.signing.key.age", ring, each -> age(each, clock))
                .description("time since the active key began to sign; NaN while there is none")
                .baseUnit("seconds")
                .strongReference(true)
                .register(registry);
        Gauge.builder(
                        "countersign.signing.ring.trouble",
                        ring,
                        each -> each.trouble().isPresent() ? 1 : 0)
                .description("1 while the key folder cannot be read to the end, so that older keys stay in use")
                .strongReference(true)
                .register(registry);
        for (Standing.State state : Standing.State.values()) {
            Gauge.builder("countersign.signing.keys", ring, each -> count(each, state))
                    .description("keys of the ring by state")
                    .tag("state", state.word())
                    .strongReference(true)
                    .register(registry);
        }
    }

    private static double age(SigningRing ring, InstantSource clock) {
        return ring.ring()
                .active(clock.instant())
                .map(key -> (double)
                        Duration.between(key.activeFrom(), clock.instant()).toSeconds())
                .orElse(Double.NaN);
    }

    private static long count(SigningRing ring, Standing.State state) {
        return ring.standings().stream().filter(each -> each.state() == state).count();
    }

    @Override
    public void read() {
        registry.counter(READS, "outcome", "read").increment();
    }

    @Override
    public void unreadable() {
        registry.counter(READS, "outcome", "failed").increment();
    }

    @Override
    public void failed() {
        registry.counter(FAILURES).increment();
    }
}
