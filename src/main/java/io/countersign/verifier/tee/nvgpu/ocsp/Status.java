package io.countersign.verifier.tee.nvgpu.ocsp;

import java.time.Instant;
import java.util.Optional;

/** What a responder says about a certificate: RFC 6960, section 2.2. */
public sealed interface Status {
    record Good() implements Status {}

    /**
     * Withdrawn, for good or for now.
     *
     * @param reason a CRLReason of RFC 5280, section 5.3.1; absent when the responder gives none
     */
    record Revoked(Optional<Integer> reason, Instant at) implements Status {
        private static final int CERTIFICATE_HOLD = 6;

        /** Whether this may still be taken back. */
        public boolean isHold() {
            return reason.filter(number -> number == CERTIFICATE_HOLD).isPresent();
        }
    }

    /** The responder does not know the certificate. */
    record Unknown() implements Status {}
}
