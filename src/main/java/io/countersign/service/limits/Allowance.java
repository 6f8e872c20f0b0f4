package io.countersign.service.limits;

import java.time.Duration;

/**
 * What one client may send.
 *
 * @param perMinute how much comes back in a minute
 * @param burst how much may come at once after a silence
 */
public record Allowance(int perMinute, int burst) {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** A minute's worth at once; and at least as much as one request may need, or it would be refused for ever. */
    static Allowance of(int perMinute, int leastBurst) {
        return new Allowance(perMinute, Math.max(perMinute, leastBurst));
    }

    /** After so long without taking, everything is there again. */
    Duration fullAgain() {
        return MINUTE.multipliedBy(burst).dividedBy(perMinute).plusNanos(1);
    }
}
