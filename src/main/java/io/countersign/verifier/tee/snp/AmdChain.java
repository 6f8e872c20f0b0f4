package io.countersign.verifier.tee.snp;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.TrustAnchors.Origin;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Locale;

/**
 * An ARK and one intermediate (ASK or ASVK) that it signed: what VEK certificates of one kind and product line are
 * verified with. Dates and revocation are judged at every use.
 *
 * @param origin who vouches for the ARK
 * @param role names this chain's signature facts, so that none counts for another chain
 * @param text for people
 */
record AmdChain(
        Product product,
        VekKind kind,
        Certificate ark,
        PublicKey arkKey,
        Certificate intermediate,
        PublicKey intermediateKey,
        Origin origin,
        String role,
        String text) {

    static AmdChain of(SnpAnchors.Ark ark, VekKind kind, Certificate intermediate, PublicKey key) {
        Product product = ark.product();
        return new AmdChain(
                product,
                kind,
                ark.certificate(),
                ark.key(),
                intermediate,
                key,
                ark.origin(),
                "sev-snp/" + product.kdsName().toLowerCase(Locale.ROOT) + "/" + kind.word(),
                "%s (serial 0x%x) and the %s %s (serial 0x%x)"
                        .formatted(
                                intermediate.subjectCommonName(),
                                intermediate.serial(),
                                ark.origin() == Origin.VENDOR ? "pinned" : "laboratory's",
                                ark.certificate().subjectCommonName(),
                                ark.certificate().serial()));
    }

    /** Names the fact that this intermediate signed a VEK certificate. */
    SignatureFacts.Key vekFact(Bytes fingerprint) {
        return new SignatureFacts.Key(role, fingerprint, intermediate.fingerprint());
    }

    /** Names the fact that this ARK signed a revocation list. */
    SignatureFacts.Key crlFact(Bytes fingerprint) {
        return new SignatureFacts.Key(role + "/crl", fingerprint, ark.fingerprint());
    }

    /** The earlier end of both windows. */
    Instant notAfter() {
        Instant end = ark.window().notAfter();
        Instant other = intermediate.window().notAfter();
        return other.isBefore(end) ? other : end;
    }
}
