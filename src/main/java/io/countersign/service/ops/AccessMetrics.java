package io.countersign.service.ops;

import io.countersign.service.access.AccessObserver;
import io.countersign.service.access.Refusal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** Counts who was turned away, by why. Every reason is there from the start, so that an alert has a zero to begin with. */
public final class AccessMetrics implements AccessObserver {
    private final Map<Refusal, Counter> counters = new EnumMap<>(Refusal.class);

    public AccessMetrics(MeterRegistry registry) {
        for (Refusal why : Refusal.values()) {
            counters.put(why, registry.counter("countersign.access.refused", "reason", why.word()));
        }
    }

    @Override
    public void refused(Refusal why) {
        Counter counter = counters.get(why);
        if (counter != null) {
            counter.increment();
        }
    }
}
