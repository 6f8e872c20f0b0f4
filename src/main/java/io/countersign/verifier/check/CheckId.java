package io.countersign.verifier.check;

import java.util.Optional;

/** One declared check; implemented by one enum per TEE. Codes are forever. */
public interface CheckId {
    /** Whether a failure means "not genuine" or "not good enough". */
    enum Kind {
        /** Did genuine hardware really say this, now, to us? A failure rejects the evidence. */
        AUTHENTICITY,
        /** Is that good enough? A failure makes claims and tiers, never a rejection. */
        APPRAISAL
    }

    /** Stable dotted code, such as {@code snp.report-signature}. */
    String code();

    /** One line for people: what holds when this check has passed. */
    String summary();

    SpecRef spec();

    default Kind kind() {
        return Kind.AUTHENTICITY;
    }

    /** Whether a policy may waive this check where it is undetermined; a failure can never be waived. */
    default boolean waivableWhenUndetermined() {
        return false;
    }

    /** What a failed appraisal check speaks against; empty for authenticity, which speaks against everything. */
    enum Concern {
        /** The machine and its firmware. */
        HARDWARE,
        /** What was started on it. */
        EXECUTABLES
    }

    default Optional<Concern> concern() {
        return Optional.empty();
    }

    /**
     * Whether an outcome "the evidence does not hold it" keeps a token from being made. No, where the evidence may leave it
     * out: what rests on it is then absent, and a policy that needs it fails for that reason.
     */
    default boolean blocksWhenNotAsked() {
        return true;
    }
}
