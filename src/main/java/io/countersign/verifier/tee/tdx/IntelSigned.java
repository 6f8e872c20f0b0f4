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
import io.countersign.verifier.trust.Window;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Whether what was fetched is worth keeping: a statement or list that no pinned root vouches for, or that is about something
 * else than was asked for, must not take the place of one that is, nor raise the memory of evaluation numbers.
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
            case IntelEndorsementRef.RootCaCrl _ ->
                list(
                        content,
                        anchors.roots().stream()
                                .map(root -> new Issuer(root.certificate(), root.key()))
                                .toList(),
                        "no pinned root signed it");
            case IntelEndorsementRef.PckCrl(PckCa ca) ->
                list(
                        content,
                        authorities(ca),
                        inLaboratory ? "" : "no %s known here signed it".formatted(ca.commonName()));
            case IntelEndorsementRef.SeenEvaluationNumber _ -> Optional.of("it is not fetched");
        };
    }

    /**
     * What a statement of Intel's is by itself: for whoever holds one and has to know what it answers.
     *
     * @param content in the form of {@link IntelEndorsementRef.TcbInfo}
     * @param at the instant at which it and its signer have to be valid
     */
    public IntelPublication publication(Bytes content, Instant at) {
        return content.toUtf8().contains("\"enclaveIdentity\"")
                ? publication(content, StatementKind.QE_IDENTITY, at, identity -> Stream.of(TeeType.values())
                        .filter(tee -> CollateralJudge.quotingEnclave(tee) == identity.id())
                        .findFirst()
                        .map(tee ->
                                new Named(new IntelEndorsementRef.QeIdentity(tee), identity.tcbEvaluationDataNumber())))
                : publication(
                        content,
                        StatementKind.TCB_INFO,
                        at,
                        info -> Optional.of(new Named(
                                new IntelEndorsementRef.TcbInfo(info.tee(), info.fmspc()),
                                info.tcbEvaluationDataNumber())));
    }

    /** Which endorsement a statement is, and its number. */
    private record Named(IntelEndorsementRef ref, int evaluationDataNumber) {}

    private <T> IntelPublication publication(
            Bytes content, StatementKind<T> kind, Instant at, Function<T, Optional<Named>> name) {
        return switch (statements.read(content, kind)) {
            case StatementReader.Reading.Refused<T>(String _, String actual) -> new IntelPublication.Refused(actual);
            case StatementReader.Reading.Signed<T>(SignedStatement<T> signed) -> {
                Instant issued = kind.issueDate().apply(signed.statement());
                Instant end = kind.nextUpdate().apply(signed.statement());
                Window signer = signed.signerAt(at).certificate().window();
                if (at.plus(Window.SKEW_AT_BEGINNING).isBefore(issued) || !at.isBefore(end)) {
                    yield new IntelPublication.Refused(
                            "it is valid from %s until %s, not at %s".formatted(issued, end, at));
                }
                if (signer.at(at) != Window.Standing.WITHIN) {
                    yield new IntelPublication.Refused("its signer is valid from %s, not at %s".formatted(signer, at));
                }
                yield name.apply(signed.statement())
                        .<IntelPublication>map(named -> new IntelPublication.Statement(
                                named.ref(), named.evaluationDataNumber(), issued, end, content))
                        .orElseGet(() -> new IntelPublication.Refused("it is about an enclave that makes no quotes"));
            }
        };
    }

    private <T> Optional<String> statement(
            Bytes content, StatementKind<T> kind, Function<T, Optional<String>> aboutSomethingElse) {
        return switch (statements.read(content, kind)) {
            case StatementReader.Reading.Signed<T>(SignedStatement<T> signed) ->
                aboutSomethingElse.apply(signed.statement());
            case StatementReader.Reading.Refused<T>(String _, String actual) -> Optional.of(actual);
        };
    }

    private record Issuer(Certificate certificate, PublicKey key) {}

    private List<Issuer> authorities(PckCa ca) {
        return anchors.authorities().stream()
                .filter(authority -> authority.certificate().subjectCommonName().equals(ca.commonName()))
                .map(authority -> new Issuer(authority.certificate(), authority.key()))
                .toList();
    }

    /**
     * What speaks against a list.
     *
     * @param unsigned said when none of the issuers signed it; empty where others may have: a laboratory's authorities are
     *     known only with a quote's chain
     */
    private Optional<String> list(Bytes content, List<Issuer> issuers, String unsigned) {
        try {
            RevocationList.parse(content);
            for (Issuer issuer : issuers) {
                if (lists.signedBy(issuer.certificate(), issuer.key(), content).isPresent()) {
                    return Optional.empty();
                }
            }
            return Optional.of(unsigned).filter(why -> !why.isEmpty());
        } catch (MalformedDerException e) {
            return Optional.of(e.getMessage());
        }
    }
}
