package io.countersign.verifier.trust;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import java.util.Optional;

/** Whether an endorsement is in hand. Whatever is in hand is still to be judged: nothing here is trusted. */
public sealed interface Availability {
    /**
     * The bytes of the endorsement, as received.
     *
     * @param notRenewed why there is nothing newer although it was asked for; it matters once this one's window is over
     */
    record InHand(Bytes content, Optional<Missing> notRenewed) implements Availability {
        /** In hand, and nobody looked for a newer one in vain. */
        public InHand(Bytes content) {
            this(content, Optional.empty());
        }

        /** Whether asking again later can help, should this one be over. */
        public Outcome.Cause causeWhenOver() {
            return notRenewed.map(Missing::cause).orElse(Outcome.Cause.NOT_IN_HAND);
        }

        /** Follows a sentence that says that this one is over: empty, or why there is no newer one. */
        public String whyNotRenewed() {
            return notRenewed
                    .map(missing -> "; a newer one could not be had: " + missing.why())
                    .orElse("");
        }
    }

    /**
     * It could not be had.
     *
     * @param why a plain sentence: "AMD KDS answered 429 (too many requests)"
     * @param cause whether asking again later can help
     */
    record Missing(String why, Outcome.Cause cause) implements Availability {}
}
