package io.countersign.service.collateral;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.EndorsementRef;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** What was asked for in vain lately, so that it is not asked for again at once. */
final class Setbacks {
    /**
     * One reference that is left alone for a while.
     *
     * @param failures in a row
     * @param answer what to say meanwhile when nothing is held
     */
    record Setback(Instant since, Instant until, int failures, Availability answer) {
        Optional<Duration> left(Instant now) {
            boolean standing = now.isBefore(until) && !now.isBefore(since);
            return standing ? Optional.of(Duration.between(now, until)) : Optional.empty();
        }
    }

    private final InstantSource clock;
    private final Cache<EndorsementRef, Setback> setbacks;

    Setbacks(InstantSource clock, int bound) {
        this.clock = clock;
        this.setbacks = Caffeine.newBuilder().maximumSize(bound).build();
    }

    Optional<Setback> standing(EndorsementRef ref) {
        return last(ref).filter(setback -> setback.left(clock.instant()).isPresent());
    }

    /** Whether the last attempt failed, however long ago. */
    boolean failing(EndorsementRef ref) {
        return last(ref).isPresent();
    }

    Setback add(EndorsementRef ref, Duration wait, Availability answer) {
        Instant now = clock.instant();
        var setback = new Setback(now, now.plus(wait), failures(ref) + 1, answer);
        setbacks.put(ref, setback);
        return setback;
    }

    int failures(EndorsementRef ref) {
        return last(ref).map(Setback::failures).orElse(0);
    }

    void forget(EndorsementRef ref) {
        setbacks.invalidate(ref);
    }

    private Optional<Setback> last(EndorsementRef ref) {
        return Optional.ofNullable(setbacks.getIfPresent(ref));
    }
}
