package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.AnchorRole;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.RevocationList;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import java.util.Optional;

/**
 * Whether what was fetched is worth keeping: a statement or list that no pinned root vouches for must not take the place of one
 * that is, nor raise the memory of evaluation numbers.
 */
public final class IntelSigned {
    private final IntelAnchors anchors;
    private final StatementReader reader;
    private final Signatures signatures;
    private final boolean inLaboratory;

    public IntelSigned(TrustAnchors trusted, Signatures signatures) {
        this.anchors = new IntelAnchors(trusted, signatures);
        this.reader = new StatementReader(anchors, signatures, SignatureFacts.forgetful());
        this.inLaboratory = trusted.of(AnchorRole.INTEL_ROOT).stream()
                .anyMatch(root -> root.origin() == TrustAnchors.Origin.LABORATORY);
        this.signatures = signatures;
    }

    /** A plain sentence when an endorsement should not be remembered. */
    public Optional<String> objection(IntelEndorsementRef ref, Bytes content) {
        return switch (ref) {
            case IntelEndorsementRef.TcbInfo _ -> statement(content, StatementKind.TCB_INFO);
            case IntelEndorsementRef.QeIdentity _ -> statement(content, StatementKind.QE_IDENTITY);
            case IntelEndorsementRef.RootCaCrl _ -> rootList(content);
            case IntelEndorsementRef.PckCrl _ -> pckList(content);
            case IntelEndorsementRef.SeenEvaluationNumber _ -> Optional.of("it is not fetched");
        };
    }

    /** A laboratory's authorities are known only with a quote's chain: there, whatever can be read is kept. */
    private Optional<String> pckList(Bytes content) {
        try {
            RevocationList list = RevocationList.parse(content);
            boolean signed = anchors.authorities().stream()
                    .anyMatch(authority ->
                            IntelRevocationJudge.signed(list, authority.certificate(), authority.key(), signatures));
            return signed || inLaboratory ? Optional.empty() : Optional.of("no PCK authority known here signed it");
        } catch (MalformedDerException e) {
            return Optional.of(e.getMessage());
        }
    }

    private <T> Optional<String> statement(Bytes content, StatementKind<T> kind) {
        return switch (reader.read(content, kind)) {
            case StatementReader.Reading.Signed<T> _ -> Optional.empty();
            case StatementReader.Reading.Refused<T>(String _, String actual) -> Optional.of(actual);
        };
    }

    private Optional<String> rootList(Bytes content) {
        try {
            RevocationList list = RevocationList.parse(content);
            boolean signed = anchors.roots().stream()
                    .anyMatch(root -> IntelRevocationJudge.signed(list, root.certificate(), root.key(), signatures));
            return signed ? Optional.empty() : Optional.of("no pinned root signed it");
        } catch (MalformedDerException e) {
            return Optional.of(e.getMessage());
        }
    }
}
