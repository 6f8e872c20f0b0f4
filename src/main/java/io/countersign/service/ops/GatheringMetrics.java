package io.countersign.service.ops;

import io.countersign.service.collateral.FetchFailure;
import io.countersign.service.collateral.GatheringObserver;
import io.countersign.service.collateral.GatheringWarning;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;

/** Counts what gathering does, by kind of endorsement; no machine can be told from it. */
public final class GatheringMetrics implements GatheringObserver {
    private static final String LOOKUPS = "countersign.endorsement.lookups";

    private final MeterRegistry registry;

    public GatheringMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void hit(String kind) {
        registry.counter(LOOKUPS, "kind", kind, "outcome", "in-hand").increment();
    }

    @Override
    public void miss(String kind) {
        registry.counter(LOOKUPS, "kind", kind, "outcome", "missing").increment();
    }

    @Override
    public void fetched(String kind, Duration took) {
        registry.timer("countersign.endorsement.fetches", "kind", kind).record(took);
    }

    @Override
    public void failed(String kind, FetchFailure failure) {
        registry.counter(
                        "countersign.endorsement.failures",
                        "kind",
                        kind,
                        "failure",
                        failure.name().toLowerCase(Locale.ROOT))
                .increment();
    }

    @Override
    public void throttled(String kind) {
        registry.counter("countersign.endorsement.refusals", "kind", kind, "reason", "client-budget")
                .increment();
    }

    @Override
    public void overloaded(String kind) {
        registry.counter("countersign.endorsement.refusals", "kind", kind, "reason", "queue-full")
                .increment();
    }

    @Override
    public void warned(GatheringWarning warning) {
        registry.counter(
                        "countersign.endorsement.warnings",
                        "warning",
                        warning.name().toLowerCase(Locale.ROOT))
                .increment();
    }
}
