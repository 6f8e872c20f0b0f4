package io.countersign.service.audit;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a line tells of. The words are for ever. */
public enum Kind {
    /** A file begins, and says which one it follows. */
    FILE,
    START,
    STOP,
    /** A request for a token was decided. */
    ATTESTATION,
    /** A token was given again to who had asked for it with the same Idempotency-Key. */
    REPEAT,
    /** An explanation was given. */
    APPRAISAL,
    /** Somebody asked what became of a token, or used it up. */
    INTROSPECTION,
    POLICY,
    KEY,
    /** The signing key vouches for the log up to a line. */
    CHECKPOINT,
    /** Decisions were refused because they could not be written down. */
    GAP,
    /** What an earlier line tells of did not leave after all. */
    WITHHELD;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind with this word. */
    public static Optional<Kind> of(String word) {
        return Stream.of(values()).filter(kind -> kind.word().equals(word)).findFirst();
    }
}
