package io.countersign.service.ops;

import io.countersign.service.policies.PolicyChange;
import io.countersign.service.policies.PolicyLibrary.Entry;
import io.countersign.service.policies.PolicyObserver;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.ReferenceSet;
import io.countersign.verifier.result.PolicyIdentity;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Which policies are in use, which files are refused, and when reference values end. */
public final class PolicyMetrics implements PolicyObserver {
    private static final String RELOADS = "countersign.policies.reloads";

    private final MeterRegistry registry;
    private final InstantSource clock;
    private final MultiGauge active;
    private final MultiGauge refused;
    private final MultiGauge expiring;
    private final AtomicReference<Instant> lastChange;

    public PolicyMetrics(MeterRegistry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
        this.lastChange = new AtomicReference<>(clock.instant());
        this.active = MultiGauge.builder("countersign.policies.active")
                .description("1 for each policy and each file of reference values in use")
                .register(registry);
        this.refused = MultiGauge.builder("countersign.policies.refused")
                .description("1 when the newest text of the file is refused, 0 when it is in use")
                .register(registry);
        this.expiring = MultiGauge.builder("countersign.reference_values.expire_at")
                .description("time until reference values end; negative when they have")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("countersign.policies.last_change", lastChange, at -> at.get()
                        .getEpochSecond())
                .description("when policies last changed, or a file was refused, since 1970-01-01T00:00:00Z")
                .baseUnit("seconds")
                .register(registry);
        for (String outcome : List.of("loaded", "removed", "refused", "unreadable")) {
            // There from the start, so that alarms see the first step from 0 to 1.
            registry.counter(RELOADS, "outcome", outcome);
        }
    }

    @Override
    public void changed(List<PolicyChange> changes, List<Entry> entries) {
        lastChange.set(clock.instant());
        changes.forEach(this::count);
        active.register(entries.stream().flatMap(PolicyMetrics::active).toList(), true);
        refused.register(entries.stream().flatMap(PolicyMetrics::refused).toList(), true);
        expiring.register(
                entries.stream()
                        .flatMap(entry -> entry.active().stream())
                        .flatMap(this::expiring)
                        .toList(),
                true);
    }

    @Override
    public void unreadable() {
        registry.counter(RELOADS, "outcome", "unreadable").increment();
    }

    private void count(PolicyChange change) {
        switch (change) {
            case PolicyChange.Taken _ ->
                registry.counter(RELOADS, "outcome", "loaded").increment();
            case PolicyChange.Gone _ ->
                registry.counter(RELOADS, "outcome", "removed").increment();
            case PolicyChange.Refused _ ->
                registry.counter(RELOADS, "outcome", "refused").increment();
            case PolicyChange.Mended _ -> {
                // What is in use instead is counted as such.
            }
        }
    }

    private static Stream<MultiGauge.Row<?>> active(Entry entry) {
        return entry.identity().stream()
                .map(identity -> MultiGauge.Row.of(
                        tags(identity).and("kind", entry.kind().word(), "digest", identity.digestText()), 1));
    }

    private static Tags tags(PolicyIdentity identity) {
        return Tags.of("policy", identity.id(), "version", identity.version());
    }

    private static Stream<MultiGauge.Row<?>> refused(Entry entry) {
        return Stream.of(entry.refused()
                .map(refusal -> MultiGauge.Row.of(Tags.of("file", refusal.file()), 1))
                .orElseGet(() -> MultiGauge.Row.of(Tags.of("file", entry.file()), 0)));
    }

    private Stream<MultiGauge.Row<?>> expiring(AppraisalPolicy policy) {
        return policy.references().values().stream()
                .flatMap(set -> set.supportsUntil(clock.instant()).stream().map(end -> row(policy, set, end)));
    }

    private MultiGauge.Row<?> row(AppraisalPolicy policy, ReferenceSet set, Instant end) {
        return MultiGauge.Row.of(
                Tags.of("policy", policy.identity().id(), "set", set.name()),
                () -> Duration.between(clock.instant(), end).toSeconds());
    }
}
