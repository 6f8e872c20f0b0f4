package io.countersign.service.ops;

import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.api.problem.ProblemObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** Counts problem documents by code, all of them there from the start, so that alarms see the first step from 0 to 1. */
public final class ProblemMetrics implements ProblemObserver {
    private final Map<ProblemCode, Counter> counters = new EnumMap<>(ProblemCode.class);

    public ProblemMetrics(MeterRegistry registry) {
        for (ProblemCode code : ProblemCode.values()) {
            counters.put(
                    code,
                    Counter.builder("countersign.problems")
                            .description("problem documents that were answered, those within batches included")
                            .tag("code", code.code())
                            .register(registry));
        }
    }

    @Override
    public void answered(ProblemCode code) {
        Counter counter = counters.get(code);
        if (counter != null) {
            counter.increment();
        }
    }
}
