package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.bytes.Bytes;
import java.time.Instant;

/** Bytes that may be TCB info or a QE identity, and what they turned out to be. */
public sealed interface IntelPublication {
    /**
     * A pinned root vouches for it, and it is valid.
     *
     * @param ref what it answers
     * @param evaluationDataNumber grows with every TCB recovery
     * @param content as it was given
     */
    record Statement(
            IntelEndorsementRef ref, int evaluationDataNumber, Instant issueDate, Instant nextUpdate, Bytes content)
            implements IntelPublication {}

    /** Nothing to judge by, and why. */
    record Refused(String why) implements IntelPublication {}
}
