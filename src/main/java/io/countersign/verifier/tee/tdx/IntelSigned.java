package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.AnchorRole;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import java.security.PublicKey;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether what was fetched is worth keeping: a statement or list that no pinned root vouches for must not take the place of one
 * that is, nor raise the memory of evaluation numbers.
 */
public final class IntelSigned {
    private final IntelAnchors anchors;
    private final StatementReader statements;
    private final ListReader lists;
    private final boolean inLaboratory;

    /** Shares what it finds out: what was verified before it was kept is not verified again when it is judged. */
    public IntelSigned(TrustAnchors trusted, Signatures signatures, SignatureFacts facts) {
        this.anchors = new IntelAnchors(trusted, signatures);
        this.statements = new StatementReader(anchors, signatures, facts);
        this.lists = new ListReader(signatures, facts);
        this.inLaboratory = trusted.of(AnchorRole.INTEL_ROOT).stream()
                .anyMatch(root -> root.origin() == TrustAnchors.Origin.LABORATORY);
    }

    /** A plain sentence when an endorsement should not be remembered. */
    public Optional<String> objection(IntelEndorsementRef ref, Bytes content) {
        return switch (ref) {
            case IntelEndorsementRef.TcbInfo _ -> statement(content, StatementKind.TCB_INFO);
            case IntelEndorsementRef.QeIdentity _ -> statement(content, StatementKind.QE_IDENTITY);
            case IntelEndorsementRef.RootCaCrl _ ->
                list(content, anchors.roots().stream().map(root -> new Issuer(root.certificate(), root.key())));
            case IntelEndorsementRef.PckCrl _ ->
                list(
                                content,
                                anchors.authorities().stream()
                                        .map(authority -> new Issuer(authority.certificate(), authority.key())))
                        // A laboratory's authorities are known only with a quote's chain.
                        .filter(_ -> !inLaboratory);
            case IntelEndorsementRef.SeenEvaluationNumber _ -> Optional.of("it is not fetched");
        };
    }

    private <T> Optional<String> statement(Bytes content, StatementKind<T> kind) {
        return switch (statements.read(content, kind)) {
            case StatementReader.Reading.Signed<T> _ -> Optional.empty();
            case StatementReader.Reading.Refused<T>(String _, String actual) -> Optional.of(actual);
        };
    }

    private record Issuer(Certificate certificate, PublicKey key) {}

    private Optional<String> list(Bytes content, Stream<Issuer> issuers) {
        try {
            for (Issuer issuer : issuers.toList()) {
                if (lists.signedBy(issuer.certificate(), issuer.key(), content).isPresent()) {
                    return Optional.empty();
                }
            }
            return Optional.of("nobody who may issue it and is known here signed it");
        } catch (MalformedDerException e) {
            return Optional.of(e.getMessage());
        }
    }
}
