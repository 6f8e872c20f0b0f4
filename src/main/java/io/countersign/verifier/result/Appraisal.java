package io.countersign.verifier.result;

import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Authenticity;

/**
 * One submodule, authenticated and judged.
 *
 * @param type the evidence type
 */
public record Appraisal(String label, String type, Authentication authentication, TrustworthinessVector vector) {
    /** Affirming only for genuine evidence: unsettled evidence is at best "none". */
    public TrustTier status() {
        TrustTier tier = vector.tier();
        return authentication.authenticity() == Authenticity.GENUINE
                ? tier
                : TrustTier.worst(java.util.List.of(tier, TrustTier.NONE));
    }
}
