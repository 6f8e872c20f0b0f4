package io.countersign.service.signing;

import java.time.Instant;
import java.util.Optional;

/**
 * How a key stands at one moment.
 *
 * @param since when that began, where it is known
 * @param until when it ends, where it is known
 */
public record Standing(RingKey key, State state, Optional<Instant> since, Optional<Instant> until) {
    /** What a key is good for. */
    public enum State {
        /** Published; does not sign yet. */
        NEXT("next"),
        /** Signs. */
        ACTIVE("active"),
        /** Published, so that the last tokens it signed can be verified. */
        RETIRING("retiring"),
        /** Neither published nor believed, from the moment on in which that was read. */
        WITHDRAWN("withdrawn"),
        /** No longer published; nothing it signed is good any more. */
        GONE("gone");

        private final String word;

        State(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /** Whether relying parties find the key. */
    public boolean published() {
        return switch (state) {
            case NEXT, ACTIVE, RETIRING -> true;
            case WITHDRAWN, GONE -> false;
        };
    }

    /** State and times in one phrase. */
    public String words() {
        return switch (state) {
            case NEXT -> "next" + until.map(at -> ", signs from " + at).orElse("");
            case ACTIVE ->
                "active" + since.map(at -> " since " + at).orElse("")
                        + until.map(at -> ", until " + at).orElse("");
            case RETIRING ->
                "retiring" + until.map(at -> ", published until " + at).orElse("");
            case WITHDRAWN -> "withdrawn" + since.map(at -> " at " + at).orElse("");
            case GONE -> "gone" + since.map(at -> " since " + at).orElse("");
        };
    }
}
