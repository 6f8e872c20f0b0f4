package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.check.Outcome;
import java.time.Instant;
import java.util.Optional;

/**
 * What one answer or list says about one certificate.
 *
 * @param outcome {@link Outcome.Waived} where it is on hold and the policy tolerates that
 * @param word what somebody who may speak about the certificate said; absent when nobody did, or too long ago
 * @param until when it stops counting; absent when it does not count
 */
record RevocationStanding(Outcome outcome, Optional<Word> word, Optional<Instant> until) {
    /** The better first. */
    enum Word {
        GOOD("good"),
        UNKNOWN("unknown"),
        CERTIFICATE_HOLD("certificate-hold"),
        REVOKED("revoked");

        private final String text;

        Word(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    static RevocationStanding good(String because, Instant until) {
        return new RevocationStanding(new Outcome.Passed(because), Optional.of(Word.GOOD), Optional.of(until));
    }

    static RevocationStanding bad(Word word, String expected, String actual, String hint) {
        return new RevocationStanding(new Outcome.Failed(expected, actual, hint), Optional.of(word), Optional.empty());
    }

    /** Withdrawn for ever. */
    static RevocationStanding revoked(String name, String actual) {
        return bad(
                Word.REVOKED,
                name + " not revoked",
                actual,
                "NVIDIA has withdrawn this certificate: nothing that it vouches for can be relied on.");
    }

    /** Nothing that counts was said. */
    static RevocationStanding silent(Outcome outcome) {
        return new RevocationStanding(outcome, Optional.empty(), Optional.empty());
    }
}
