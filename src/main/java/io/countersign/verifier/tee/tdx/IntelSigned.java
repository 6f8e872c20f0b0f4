package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import io.countersign.verifier.trust.AnchorRole;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.RevocationList;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whether what was fetched is worth keeping: a statement or list that no pinned root vouches for, or that is about something
 * else than was asked for, must not take the place of one that is, nor raise the memory of evaluation numbers.
 */
public final class IntelSigned {
    private final IntelAnchors anchors;
    private final StatementReader reader;
    private final Signatures signatures;
    private final List<Certificate> authorities;
    private final boolean inLaboratory;

    public IntelSigned(TrustAnchors trusted, Signatures signatures) {
        this.anchors = new IntelAnchors(trusted, signatures);
        this.reader = new StatementReader(anchors, signatures, SignatureFacts.forgetful());
        this.authorities = trusted.of(AnchorRole.INTEL_PCK_CA).stream()
                .map(TrustAnchors.Anchor::certificate)
                .toList();
        this.inLaboratory = trusted.of(AnchorRole.INTEL_ROOT).stream()
                .anyMatch(root -> root.origin() == TrustAnchors.Origin.LABORATORY);
        this.signatures = signatures;
    }

    /** A plain sentence when an endorsement should not be remembered. */
    public Optional<String> objection(IntelEndorsementRef ref, Bytes content) {
        return switch (ref) {
            case IntelEndorsementRef.TcbInfo(TeeType tee, Bytes fmspc) ->
                statement(
                        content,
                        StatementKind.TCB_INFO,
                        info -> info.tee() == tee && info.fmspc().equals(fmspc)
                                ? Optional.empty()
                                : Optional.of("it is %s TCB info for FMSPC %s".formatted(info.tee(), info.fmspc())));
            case IntelEndorsementRef.QeIdentity(TeeType tee) ->
                statement(
                        content,
                        StatementKind.QE_IDENTITY,
                        identity -> identity.id() == CollateralJudge.quotingEnclave(tee)
                                ? Optional.empty()
                                : Optional.of("it is the identity of " + identity.id()));
            case IntelEndorsementRef.RootCaCrl _ -> rootList(content);
            case IntelEndorsementRef.PckCrl(PckCa ca) -> pckList(content, ca);
            case IntelEndorsementRef.SeenEvaluationNumber _ -> Optional.of("it is not fetched");
        };
    }

    /** A laboratory's authorities are known only with a quote's chain: there, whatever can be read is kept. */
    private Optional<String> pckList(Bytes content, PckCa ca) {
        try {
            RevocationList list = RevocationList.parse(content);
            boolean signed = authorities.stream()
                    .filter(authority -> authority.subjectCommonName().equals(ca.commonName()))
                    .anyMatch(authority -> IntelSignature.key(authority, signatures)
                            .filter(key -> IntelRevocationJudge.signed(list, authority, key, signatures))
                            .isPresent());
            return signed || inLaboratory
                    ? Optional.empty()
                    : Optional.of("no %s known here signed it".formatted(ca.commonName()));
        } catch (MalformedDerException e) {
            return Optional.of(e.getMessage());
        }
    }

    private <T> Optional<String> statement(
            Bytes content, StatementKind<T> kind, Function<T, Optional<String>> aboutSomethingElse) {
        return switch (reader.read(content, kind)) {
            case StatementReader.Reading.Signed<T>(SignedStatement<T> signed) ->
                aboutSomethingElse.apply(signed.statement());
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
