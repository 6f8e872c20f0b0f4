package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.RevocationList;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import java.security.PublicKey;
import java.util.Optional;

/** From the bytes of a revocation list to a list that its issuer signed, once for the same bytes. */
final class ListReader {
    private final Signatures signatures;
    private final SignatureFacts facts;

    ListReader(Signatures signatures, SignatureFacts facts) {
        this.signatures = signatures;
        this.facts = facts;
    }

    /** The list, when it bears an issuer's name and signature. */
    Optional<RevocationList> signedBy(Certificate issuer, PublicKey key, Bytes der) throws MalformedDerException {
        var fact = new SignatureFacts.Key("intel-crl", der.sha256(), issuer.fingerprint());
        Optional<RevocationList> known = facts.recall(fact, RevocationList.class);
        if (known.isPresent()) {
            return known;
        }
        RevocationList list = RevocationList.parse(der);
        if (!list.issuer().equals(issuer.subject()) || !IntelSignature.signed(key, list, signatures)) {
            return Optional.empty();
        }
        facts.remember(fact, list);
        return Optional.of(list);
    }
}
