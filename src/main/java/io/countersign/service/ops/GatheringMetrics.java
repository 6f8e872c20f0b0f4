package io.countersign.service.ops;

import io.countersign.service.collateral.FetchFailure;
import io.countersign.service.collateral.GatheringObserver;
import io.countersign.service.collateral.GatheringWarning;
import io.countersign.service.limits.Limit;
import io.countersign.service.limits.LimitsObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what gathering does, by kind of endorsement; no machine can be told from it. */
public final class GatheringMetrics implements GatheringObserver {
    private final LabelledCounters lookups;
    private final LabelledCounters failures;
    private final LabelledCounters refusals;
    private final LabelledCounters warnings;
    private final Map<String, Timer> fetches = new ConcurrentHashMap<>();
    private final MeterRegistry registry;
    private final LimitsObserver limits;

    /** Takes also who is told of every fetch that there was no room for. */
    public GatheringMetrics(MeterRegistry registry, LimitsObserver limits) {
        this.registry = registry;
        this.limits = limits;
        lookups = counters("lookups", "whether what a request needs was in hand", "kind", "outcome");
        failures = counters("failures", "fetches that brought nothing usable", "kind", "failure");
        refusals = counters("refusals", "fetches that were not tried", "kind", "reason");
        warnings = counters("warnings", "what is odd about what was fetched or found", "warning");
        for (GatheringWarning warning : GatheringWarning.values()) {
            // There from the start, so that alarms see the first step from 0 to 1.
            warnings.show(List.of(word(warning)));
        }
    }

    private LabelledCounters counters(String name, String description, String... labels) {
        return new LabelledCounters(
                registry, "countersign.endorsement." + name, description, List.of(labels), Set.of());
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void hit(String kind) {
        lookups.count(List.of(kind, "in-hand"));
    }

    @Override
    public void miss(String kind) {
        lookups.count(List.of(kind, "missing"));
    }

    @Override
    public void fetched(String kind, Duration took) {
        fetches.computeIfAbsent(kind, this::timer).record(took);
    }

    private Timer timer(String kind) {
        return Timer.builder("countersign.endorsement.fetches")
                .description("fetches that brought something to keep, and how long each took")
                .tag("kind", kind)
                .register(registry);
    }

    @Override
    public void failed(String kind, FetchFailure failure) {
        failures.count(List.of(kind, word(failure)));
    }

    @Override
    public void throttled(String kind) {
        refusals.count(List.of(kind, "client-budget"));
    }

    @Override
    public void overloaded(String kind) {
        refusals.count(List.of(kind, "queue-full"));
    }

    @Override
    public void turnedAway(String kind) {
        limits.refused(Limit.OUTBOUND);
    }

    @Override
    public void warned(GatheringWarning warning) {
        warnings.count(List.of(word(warning)));
    }
}
