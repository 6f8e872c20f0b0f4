package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Findings;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.tee.tdx.collateral.EnclaveIdentity;
import io.countersign.verifier.tee.tdx.collateral.TcbInfo;
import io.countersign.verifier.tee.tdx.quote.EnclaveReport;
import io.countersign.verifier.tee.tdx.quote.Quote;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.Window;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code tdx.collateral}: TCB info and QE identity, signed by Intel, valid now, and about this platform and its quoting enclave.
 * Intel PCS API, version 4, "Get TDX TCB Info", "Get TDX QE Identity".
 */
final class CollateralJudge {
    private final StatementReader reader;

    CollateralJudge(StatementReader reader) {
        this.reader = reader;
    }

    /** Each statement is there only when everything about it holds. */
    record Judgement(
            Outcome outcome,
            Optional<SignedStatement<TcbInfo>> tcbInfo,
            Optional<SignedStatement<EnclaveIdentity>> qeIdentity) {}

    /** One statement as far as it was judged. */
    private record Piece<T>(Outcome outcome, Optional<SignedStatement<T>> statement, Origin origin) {
        static <T> Piece<T> open(Outcome outcome) {
            return new Piece<>(outcome, Optional.empty(), Origin.REQUEST);
        }
    }

    /** The enclave that makes quotes about a kind of TEE. */
    static EnclaveIdentity.Id quotingEnclave(TeeType tee) {
        return switch (tee) {
            case TDX -> EnclaveIdentity.Id.TD_QE;
            case SGX -> EnclaveIdentity.Id.QE;
        };
    }

    /** What the request brought for a kind of statement: chain, then body. A chain alone is about nothing, and left aside. */
    static Optional<Bytes> brought(StatementKind<?> kind, Endorsements inHand) {
        List<Bytes> bodies = inHand.brought(kind.slot());
        if (bodies.isEmpty()) {
            return Optional.empty();
        }
        List<Bytes> chains = inHand.brought(kind.chainSlot());
        return Optional.of(chains.isEmpty() ? bodies.getFirst() : Bytes.concat(chains.getFirst(), bodies.getFirst()));
    }

    /**
     * Judges both.
     *
     * @param blocked why nothing of the service's own is looked at: its choice rests on what is not settled
     */
    Judgement judge(
            Quote quote, PckJudgement pck, Optional<Outcome.NotReached> blocked, AuthenticationContext context) {
        Optional<PckIdentity> identity = pck.chain().map(PckChain::identity);
        Piece<TcbInfo> tcbInfo = piece(
                StatementKind.TCB_INFO,
                identity.map(known -> new IntelEndorsementRef.TcbInfo(quote.tee(), known.fmspc())),
                blocked,
                context);
        tcbInfo = agreed(tcbInfo, info -> aboutPlatform(info, quote.tee(), identity), "TCB info of this platform");
        tcbInfo = underOneRoot(tcbInfo, StatementKind.TCB_INFO, pck, context.at());
        Piece<EnclaveIdentity> qeIdentity = piece(
                StatementKind.QE_IDENTITY,
                Optional.of(new IntelEndorsementRef.QeIdentity(quote.tee())),
                blocked,
                context);
        qeIdentity = agreed(
                qeIdentity,
                found -> aboutEnclave(found, quote.tee(), quote.signature().qeReport()),
                "the quoting enclave that Intel's identity describes");
        qeIdentity = underOneRoot(qeIdentity, StatementKind.QE_IDENTITY, pck, context.at());
        var findings = new Findings();
        findings.add(tcbInfo.outcome());
        findings.add(qeIdentity.outcome());
        return new Judgement(
                findings.conclude(
                        "Intel signed the TCB info of this platform and the identity of its quoting enclave."),
                settled(tcbInfo),
                settled(qeIdentity));
    }

    private static <T> Optional<SignedStatement<T>> settled(Piece<T> piece) {
        return piece.outcome() instanceof Outcome.Passed ? piece.statement() : Optional.empty();
    }

    private <T> Piece<T> piece(
            StatementKind<T> kind,
            Optional<? extends IntelEndorsementRef> ref,
            Optional<Outcome.NotReached> blocked,
            AuthenticationContext context) {
        Optional<Bytes> brought = brought(kind, context.endorsements());
        if (brought.isPresent()) {
            return judged(brought.get(), kind, Origin.REQUEST, Optional.empty(), context.at());
        }
        if (blocked.isPresent() || ref.isEmpty()) {
            return Piece.open(blocked.orElseGet(() -> new Outcome.NotReached(TdxCheck.PCK_CHAIN)));
        }
        return switch (context.endorsements().gathered(ref.get())) {
            case Availability.InHand held ->
                judged(held.content(), kind, Origin.SERVICE, Optional.of(held), context.at());
            case Availability.Missing(String why, Outcome.Cause cause) ->
                Piece.open(new Outcome.Undetermined(ref.get().description() + ": " + why, cause, Origin.GET_ONE));
        };
    }

    private <T> Piece<T> judged(
            Bytes content, StatementKind<T> kind, Origin origin, Optional<Availability.InHand> held, Instant at) {
        return switch (reader.read(content, kind)) {
            case StatementReader.Reading.Refused<T>(String expected, String actual) ->
                Piece.open(new Outcome.Failed(expected, kind.name() + ": " + actual, origin.hint()));
            case StatementReader.Reading.Signed<T>(SignedStatement<T> statement) ->
                new Piece<>(window(statement, kind, origin, held, at), Optional.of(statement), origin);
        };
    }

    private static <T> Outcome window(
            SignedStatement<T> statement,
            StatementKind<T> kind,
            Origin origin,
            Optional<Availability.InHand> held,
            Instant at) {
        IntelAnchors.Signer signer = statement.signerAt(at);
        for (Certificate certificate : List.of(signer.root().certificate(), signer.certificate())) {
            if (certificate.window().at(at) != Window.Standing.WITHIN) {
                return over(
                        certificate.subjectCommonName() + " certificate of the " + kind.name() + " valid at " + at,
                        "the certificate of the " + kind.name() + " is valid from " + certificate.window(),
                        origin,
                        held);
            }
        }
        Instant begin = kind.issueDate().apply(statement.statement());
        Instant end = kind.nextUpdate().apply(statement.statement());
        // Unlike a certificate, a statement is over at nextUpdate itself.
        if (at.plus(Window.SKEW_AT_BEGINNING).isBefore(begin) || !at.isBefore(end)) {
            return over(
                    kind.name() + " valid at " + at,
                    "the " + kind.name() + " is valid from " + begin + " until " + end,
                    origin,
                    held);
        }
        return statement.valid();
    }

    /** What a request brings is judged; the service's own copy counts as not in hand once it is over. */
    private static Outcome over(String expected, String actual, Origin origin, Optional<Availability.InHand> held) {
        return held.<Outcome>map(copy -> new Outcome.Undetermined(
                        expected + "; in hand, " + actual + copy.whyNotRenewed(), copy.causeWhenOver(), Origin.GET_ONE))
                .orElseGet(() -> new Outcome.Failed(expected, actual, origin.hint() + Origin.OR_AT));
    }

    /** What keeps a statement from being about this evidence; empty when nothing does. */
    @FunctionalInterface
    private interface Agreement<T> {
        Optional<String> difference(T statement);
    }

    private static <T> Piece<T> agreed(Piece<T> piece, Agreement<T> agreement, String expected) {
        Optional<String> difference = piece.statement().flatMap(signed -> agreement.difference(signed.statement()));
        // The service's own that has ended is not in hand, so nothing about it speaks against the evidence.
        if (difference.isEmpty() || piece.outcome() instanceof Outcome.Undetermined) {
            return piece;
        }
        // Of what has also ended, both are told: a current one for the wrong platform would not help.
        var findings = new Findings();
        findings.add(piece.outcome());
        findings.add(
                new Outcome.Failed(expected, difference.get(), piece.origin().hint()));
        return Piece.open(findings.conclude(expected));
    }

    /**
     * A laboratory's root may be pinned beside Intel's. What one of them says counts for its own platforms only; and the one
     * list of revoked certificates that is looked at is that of the platform's root.
     */
    private static <T> Piece<T> underOneRoot(Piece<T> piece, StatementKind<T> kind, PckJudgement pck, Instant at) {
        if (piece.statement().isEmpty() || pck.chain().isEmpty() || !(piece.outcome() instanceof Outcome.Passed)) {
            return piece;
        }
        Bytes ofPlatform = pck.chain().get().root().certificate().fingerprint();
        Bytes ofStatement =
                piece.statement().get().signerAt(at).root().certificate().fingerprint();
        return ofPlatform.equals(ofStatement)
                ? piece
                : Piece.open(new Outcome.Failed(
                        kind.name() + " under the root of the PCK certificate, of SHA-256 " + ofPlatform,
                        "it is under another pinned root, of SHA-256 " + ofStatement,
                        piece.origin().hint()));
    }

    private static Optional<String> aboutPlatform(TcbInfo info, TeeType tee, Optional<PckIdentity> identity) {
        if (info.tee() != tee) {
            return Optional.of("the TCB info is about %s, and the quote about %s".formatted(info.tee(), tee));
        }
        if (identity.isEmpty()) {
            return Optional.empty();
        }
        if (!info.fmspc().equals(identity.get().fmspc())) {
            return Optional.of("the TCB info is for FMSPC %s, and the platform's PCK certificate names %s"
                    .formatted(info.fmspc(), identity.get().fmspc()));
        }
        return info.pceId().equals(identity.get().pceId())
                ? Optional.empty()
                : Optional.of("the TCB info is for PCE-ID %s, and the platform's PCK certificate names %s"
                        .formatted(info.pceId(), identity.get().pceId()));
    }

    private static Optional<String> aboutEnclave(EnclaveIdentity identity, TeeType tee, EnclaveReport qe) {
        var id = quotingEnclave(tee);
        if (identity.id() != id) {
            return Optional.of(
                    "the identity is that of %s, and %s makes quotes about %s".formatted(identity.id(), id, tee));
        }
        var mismatches = identity.mismatches(qe.miscSelect(), qe.attributes(), qe.mrSigner(), qe.isvProdId());
        return mismatches.isEmpty()
                ? Optional.empty()
                : Optional.of(mismatches.stream()
                        .map(mismatch -> "the QE report has %s %s, and the identity says %s"
                                .formatted(mismatch.field(), mismatch.actual(), mismatch.expected()))
                        .collect(Collectors.joining("; ")));
    }
}
