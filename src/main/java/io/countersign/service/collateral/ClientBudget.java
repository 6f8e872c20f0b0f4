package io.countersign.service.collateral;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** One token bucket for each client, for as many clients as are tracked; the least active are forgotten first. */
final class ClientBudget {
    private record Bucket(double tokens, Instant filledAt, boolean granted) {}

    private final CollateralConfig.Budget budget;
    private final InstantSource clock;
    private final Cache<ClientId, Bucket> buckets;

    ClientBudget(CollateralConfig.Budget budget, int trackedClients, InstantSource clock) {
        this.budget = budget;
        this.clock = clock;
        this.buckets = Caffeine.newBuilder().maximumSize(trackedClients).build();
    }

    /** Takes one token; when there is none, says how long until there is. */
    Optional<Duration> take(ClientId client) {
        Instant now = clock.instant();
        Bucket after = buckets.asMap().compute(client, (_, before) -> {
            double tokens = before == null ? budget.chips() : refilled(before, now);
            return tokens >= 1 ? new Bucket(tokens - 1, now, true) : new Bucket(tokens, now, false);
        });
        if (after.granted()) {
            return Optional.empty();
        }
        double missing = 1 - after.tokens();
        return Optional.of(
                Duration.ofMillis((long) Math.ceil(missing * budget.per().toMillis() / budget.chips())));
    }

    private double refilled(Bucket bucket, Instant now) {
        long elapsed = Math.max(0, Duration.between(bucket.filledAt(), now).toMillis());
        double gained = (double) elapsed * budget.chips() / budget.per().toMillis();
        return Math.min(budget.chips(), bucket.tokens() + gained);
    }
}
