package io.countersign.client.machine;

import java.time.Duration;
import java.util.Optional;

/** Pauses that double up to a bound, each shortened by chance so that machines that boot together do not ask together. */
final class BackOff {
    static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final Timing timing;
    private final long end;
    private Duration next = FIRST;

    /** Whether another attempt is due. */
    enum Left {
        TIME,
        NOTHING
    }

    BackOff(Timing timing, Duration patience) {
        this.timing = timing;
        this.end = timing.nanos() + patience.toNanos();
    }

    /** Waits for at least what the service asked for, and not at all when patience would end before. */
    Left pause(Optional<Duration> retryAfter) {
        Duration jittered = Duration.ofNanos((long) (next.toNanos() * (0.5 + timing.chance() / 2)));
        next = next.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : next.multipliedBy(2);
        // What the service asks for is lengthened, never shortened.
        Duration wait = retryAfter
                .filter(asked -> asked.compareTo(jittered) > 0)
                .map(asked -> asked.plusMillis((long) (500 * timing.chance())))
                .orElse(jittered);
        if (end - timing.nanos() < wait.toNanos()) {
            return Left.NOTHING;
        }
        return timing.pause(wait) == Timing.Pause.OVER ? Left.TIME : Left.NOTHING;
    }
}
