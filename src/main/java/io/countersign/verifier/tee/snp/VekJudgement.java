package io.countersign.verifier.tee.snp;

import io.countersign.verifier.check.Outcome;
import java.util.Optional;

/**
 * How the three checks of one VEK certificate ended.
 *
 * @param vouched present when the certificate's signature verifies through a pinned ARK, dates apart
 * @param reissue what to ask for when the issuer's name fits a pinned intermediate but none of them signed
 */
record VekJudgement(
        Outcome chain,
        Outcome signature,
        Outcome matches,
        Optional<Vouched> vouched,
        Optional<AmdEndorsementRef.Chain> reissue) {
    /** A certificate and the chain that signed it. */
    record Vouched(Vek vek, AmdChain chain) {}

    static VekJudgement without(Outcome chain, Outcome signature, Outcome matches) {
        return new VekJudgement(chain, signature, matches, Optional.empty(), Optional.empty());
    }

    boolean allAdmit() {
        return chain.admits() && signature.admits() && matches.admits();
    }

    /** How near this certificate comes to being the right one: what it names weighs more than who vouches for it. */
    int nearness() {
        return (matches.admits() ? 4 : 0) + (signature.admits() ? 2 : 0) + (chain.admits() ? 1 : 0);
    }
}
