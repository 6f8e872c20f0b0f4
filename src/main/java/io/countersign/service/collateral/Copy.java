package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import java.time.Instant;

/**
 * One endorsement in hand.
 *
 * @param freshUntil the end of its window or its greatest age, whichever comes first
 * @param dueAt from then on a new one is asked for
 */
record Copy(Bytes content, Reading.Fits reading, Instant fetchedAt, Instant freshUntil, Instant dueAt) {
    static Copy of(Bytes content, Reading.Fits reading, EndorsementTraits traits, Instant fetchedAt) {
        Instant byAge = traits.maxAge().map(fetchedAt::plus).orElse(Instant.MAX);
        Instant byWindow = reading.validUntil().orElse(Instant.MAX);
        Instant freshUntil = byAge.isBefore(byWindow) ? byAge : byWindow;
        Instant dueAt = freshUntil.equals(Instant.MAX) ? Instant.MAX : freshUntil.minus(traits.renewBefore());
        return new Copy(content, reading, fetchedAt, freshUntil, dueAt);
    }

    boolean due(Instant now) {
        return !now.isBefore(dueAt);
    }

    boolean fresh(Instant now) {
        return now.isBefore(freshUntil);
    }

    /** Past its own window, so that only a policy that tolerates it will still count it. */
    boolean over(Instant now) {
        return reading.validUntil().filter(end -> !now.isBefore(end)).isPresent();
    }
}
