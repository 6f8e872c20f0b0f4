package io.countersign.service.ops;

import io.countersign.service.shadow.ShadowObserver;
import io.countersign.trial.Yardstick;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what shadow policies would say; no machine can be told from it. */
public final class ShadowMetrics implements ShadowObserver {
    private static final String UNJUDGED = "countersign.shadow.unjudged";

    /** Policies can be renamed as long as the service runs, and meters are kept for ever. */
    private static final int MOST_LABELS = 2_000;

    private static final String OTHERS = "(others)";

    private final MeterRegistry registry;
    private final Set<String> labels = ConcurrentHashMap.newKeySet();

    public ShadowMetrics(MeterRegistry registry) {
        this.registry = registry;
        // There from the start, so that alarms see the first step from 0 to 1.
        List.of("dropped", "failed").forEach(reason -> registry.counter(UNJUDGED, "reason", reason));
    }

    @Override
    public void judged(String policy, String shadow, Yardstick.Change change) {
        boolean known = known(policy, shadow);
        registry.counter(
                        "countersign.shadow.judged",
                        "policy",
                        known ? policy : OTHERS,
                        "shadow",
                        known ? shadow : OTHERS,
                        "change",
                        change.word())
                .increment();
    }

    @Override
    public void rule(String policy, String shadow, String rule, String outcome) {
        boolean known = known(policy, shadow, rule);
        registry.counter(
                        "countersign.shadow.rules",
                        "policy",
                        known ? policy : OTHERS,
                        "shadow",
                        known ? shadow : OTHERS,
                        "rule",
                        known ? rule : OTHERS,
                        "outcome",
                        outcome)
                .increment();
    }

    private boolean known(String... words) {
        String label = String.join("\n", words);
        return labels.contains(label) || labels.size() < MOST_LABELS && labels.add(label);
    }

    @Override
    public void dropped() {
        registry.counter(UNJUDGED, "reason", "dropped").increment();
    }

    @Override
    public void failed() {
        registry.counter(UNJUDGED, "reason", "failed").increment();
    }
}
