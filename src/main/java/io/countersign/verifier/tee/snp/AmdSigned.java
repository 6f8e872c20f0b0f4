package io.countersign.verifier.tee.snp;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.RevocationList;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import java.util.Optional;

/**
 * Whether what was fetched is worth keeping: a revocation list that no pinned ARK signed must not take the place of one
 * that is. Certificates need no such rule: a wrong one can only cause a refusal, and names its chip.
 */
public final class AmdSigned {
    private final SnpAnchors anchors;
    private final Signatures signatures;

    public AmdSigned(TrustAnchors anchors, Signatures signatures) {
        this.anchors = new SnpAnchors(anchors, signatures);
        this.signatures = signatures;
    }

    /** A plain sentence when an endorsement should not be remembered. */
    public Optional<String> objection(AmdEndorsementRef ref, Bytes content) {
        return switch (ref) {
            case AmdEndorsementRef.Crl crl -> objection(crl, content);
            case AmdEndorsementRef.Vcek _, AmdEndorsementRef.Chain _ -> Optional.empty();
        };
    }

    private Optional<String> objection(AmdEndorsementRef.Crl ref, Bytes content) {
        try {
            RevocationList list = RevocationList.parse(content);
            boolean signed = anchors.chains().stream()
                    .filter(chain -> chain.product() == ref.product() && chain.kind() == ref.kind())
                    .anyMatch(chain -> RevocationJudge.signed(list, chain, signatures));
            return signed ? Optional.empty() : Optional.of("no pinned ARK of its product line signed it");
        } catch (MalformedDerException e) {
            return Optional.of(e.getMessage());
        }
    }
}
