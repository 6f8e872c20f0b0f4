package io.countersign.service.ops;

import io.countersign.service.limits.Limit;
import io.countersign.service.limits.LimitsObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Counts what met a limit, by limit; every limit is there from the start, at nought. */
public final class LimitsMetrics implements LimitsObserver {
    private final Map<Limit, Counter> refused = new EnumMap<>(Limit.class);

    public LimitsMetrics(MeterRegistry registry) {
        Arrays.stream(Limit.values())
                .forEach(limit -> refused.put(
                        limit,
                        Counter.builder("countersign.limits.refused")
                                .description(
                                        "Requests that met a limit; for outbound, fetches that there was no room for")
                                .tag("limit", limit.word())
                                .register(registry)));
    }

    @Override
    public void refused(Limit limit) {
        Counter counter = refused.get(limit);
        if (counter != null) {
            counter.increment();
        }
    }
}
