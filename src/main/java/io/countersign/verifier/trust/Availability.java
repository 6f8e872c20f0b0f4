package io.countersign.verifier.trust;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;

/** Whether an endorsement is in hand. Whatever is in hand is still to be judged: nothing here is trusted. */
public sealed interface Availability {
    /** The bytes of the endorsement, as received. */
    record InHand(Bytes content) implements Availability {}

    /**
     * It could not be had.
     *
     * @param why a plain sentence: "AMD KDS answered 429 (too many requests)"
     * @param cause whether asking again later can help
     */
    record Missing(String why, Outcome.Cause cause) implements Availability {}
}
