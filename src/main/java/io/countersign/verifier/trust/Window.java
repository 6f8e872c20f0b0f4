package io.countersign.verifier.trust;

import java.time.Duration;
import java.time.Instant;

/** A span of time in which something is valid, both ends included. */
public record Window(Instant notBefore, Instant notAfter) {
    /** Clocks may differ this much at the beginning of a window; at its end they may not. */
    public static final Duration SKEW_AT_BEGINNING = Duration.ofSeconds(60);

    /** Where an instant stands to the window. */
    public enum Standing {
        NOT_YET,
        WITHIN,
        OVER
    }

    public Standing at(Instant instant) {
        if (instant.plus(SKEW_AT_BEGINNING).isBefore(notBefore)) {
            return Standing.NOT_YET;
        }
        return instant.isAfter(notAfter) ? Standing.OVER : Standing.WITHIN;
    }

    @Override
    public String toString() {
        return notBefore + " to " + notAfter;
    }
}
