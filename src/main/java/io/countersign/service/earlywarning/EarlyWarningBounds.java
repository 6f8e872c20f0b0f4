package io.countersign.service.earlywarning;

import java.time.Duration;

/**
 * How much is remembered.
 *
 * @param platforms entries: one for each machine and policy
 * @param maxBytes of all entries
 * @param forgetAfter how long a platform that is not seen again is remembered
 */
public record EarlyWarningBounds(int platforms, long maxBytes, Duration forgetAfter) {
    public EarlyWarningBounds {
        if (platforms < 1) {
            throw new IllegalArgumentException("countersign.early-warning.platforms is at least 1, not " + platforms);
        }
        if (maxBytes < 1024 * 1024) {
            throw new IllegalArgumentException(
                    "countersign.early-warning.max-bytes is at least 1048576, not " + maxBytes);
        }
        if (forgetAfter.compareTo(Duration.ofMinutes(1)) < 0 || forgetAfter.compareTo(Duration.ofDays(366)) > 0) {
            throw new IllegalArgumentException(
                    "countersign.early-warning.forget-after is from 1m to 366d, not " + forgetAfter);
        }
    }
}
