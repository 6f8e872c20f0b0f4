package io.countersign.service.collateral;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;

/**
 * Where something stands in the sequence of what its vendor has published. Unauthenticated, like every reading.
 *
 * @param number the CRL number, or Intel's TCB evaluation data number
 * @param issuedAt decides between equal numbers, where both say it
 */
public record Edition(BigInteger number, Optional<Instant> issuedAt) {
    boolean precedes(Edition other) {
        int order = number.compareTo(other.number);
        return order < 0
                || order == 0
                        && issuedAt.isPresent()
                        && other.issuedAt.isPresent()
                        && issuedAt.get().isBefore(other.issuedAt.get());
    }

    /** For people: "20 of 2026-08-13T10:45:38Z". */
    String text() {
        return number + issuedAt.map(at -> " of " + at).orElse("");
    }
}
