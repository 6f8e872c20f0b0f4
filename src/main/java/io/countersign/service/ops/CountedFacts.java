package io.countersign.service.ops;

import io.countersign.verifier.trust.SignatureFacts;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;

/** A memory of verified signatures that counts how often it helps. */
public final class CountedFacts implements SignatureFacts {
    private final SignatureFacts facts;
    private final Counter hits;
    private final Counter misses;

    public CountedFacts(SignatureFacts facts, MeterRegistry registry) {
        this.facts = facts;
        this.hits = counter(registry, "hit");
        this.misses = counter(registry, "miss");
    }

    private static Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder("countersign.facts")
                .description("how often a signature verified before was remembered")
                .tag("outcome", outcome)
                .register(registry);
    }

    @Override
    public <T> Optional<T> recall(Key key, Class<T> type) {
        Optional<T> fact = facts.recall(key, type);
        (fact.isPresent() ? hits : misses).increment();
        return fact;
    }

    @Override
    public void remember(Key key, Object fact) {
        facts.remember(key, fact);
    }
}
