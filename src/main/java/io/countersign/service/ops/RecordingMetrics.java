package io.countersign.service.ops;

import io.countersign.service.recording.RecordingObserver;
import io.countersign.service.recording.Recordings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts recorded cases; no machine can be told from it. */
public final class RecordingMetrics implements RecordingObserver {
    private static final String CASES = "countersign.recording.cases";

    private final MeterRegistry registry;

    public RecordingMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Shows how much is kept. */
    public void kept(Recordings recordings) {
        Gauge.builder("countersign.recording.bytes", recordings, Recordings::bytes)
                .description("bytes of the recorded cases that are kept")
                .baseUnit("bytes")
                .strongReference(true)
                .register(registry);
    }

    @Override
    public void written() {
        registry.counter(CASES, "outcome", "written").increment();
    }

    @Override
    public void dropped() {
        registry.counter(CASES, "outcome", "dropped").increment();
    }

    @Override
    public void failed() {
        registry.counter(CASES, "outcome", "failed").increment();
    }
}
