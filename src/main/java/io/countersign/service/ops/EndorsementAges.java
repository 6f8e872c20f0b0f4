package io.countersign.service.ops;

import io.countersign.service.collateral.EndorsementAge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/** How old the endorsements are that this service keeps up to date, and when the next of them ends, by kind. */
public final class EndorsementAges {
    private final InstantSource clock;
    private final MultiGauge ages;
    private final MultiGauge expiries;

    public EndorsementAges(MeterRegistry registry, InstantSource clock) {
        this.clock = clock;
        this.ages = MultiGauge.builder("countersign.endorsement.oldest.age")
                .description("time since the oldest endorsement in hand was fetched")
                .baseUnit("seconds")
                .register(registry);
        this.expiries = MultiGauge.builder("countersign.endorsement.next.expiry")
                .description("time until the first endorsement in hand ends; negative when it has")
                .baseUnit("seconds")
                .register(registry);
    }

    /** What is in hand now; from now on the gauges count from these times. */
    public void show(List<EndorsementAge> inHand) {
        ages.register(
                inHand.stream()
                        .map(each -> row(each.kind(), () -> seconds(each.oldest(), clock.instant())))
                        .toList(),
                true);
        expiries.register(
                inHand.stream()
                        .flatMap(each -> each.nextExpiry().stream()
                                .map(end -> row(each.kind(), () -> seconds(clock.instant(), end))))
                        .toList(),
                true);
    }

    private static MultiGauge.Row<?> row(String kind, Supplier<Number> seconds) {
        return MultiGauge.Row.of(Tags.of("kind", kind), seconds);
    }

    private static long seconds(Instant from, Instant until) {
        return Duration.between(from, until).toSeconds();
    }
}
