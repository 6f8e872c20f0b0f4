package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.tee.tdx.quote.Quote;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What TDX and SGX share: runs every check that still makes sense, and says which endorsements would let more of them run. */
final class QuoteAuthenticator {
    private static final Outcome BOUND =
            new Outcome.Passed("REPORTDATA holds exactly the 64 bytes that this request's binding asks for.");

    private final PckChainJudge pckChainJudge;
    private final QuoteJudge quoteJudge;
    private final CollateralJudge collateralJudge;
    private final IntelRevocationJudge revocationJudge;

    QuoteAuthenticator(TrustAnchors trusted, Signatures signatures, SignatureFacts facts) {
        var anchors = new IntelAnchors(trusted, signatures);
        this.pckChainJudge = new PckChainJudge(anchors, signatures, facts);
        this.quoteJudge = new QuoteJudge(signatures);
        this.collateralJudge = new CollateralJudge(new StatementReader(anchors, signatures, facts));
        this.revocationJudge = new IntelRevocationJudge(anchors, signatures, facts);
    }

    /** Everything that the quote shows by itself. */
    private record Inner(Map<TdxCheck, Outcome> outcomes, PckJudgement pck, Optional<Outcome.NotReached> blocked) {}

    private Inner inner(QuoteEvidence evidence, Instant at) {
        PckJudgement pck = pckChainJudge.judge(evidence.quote().signature().pckChain(), at);
        var outcomes = new EnumMap<TdxCheck, Outcome>(TdxCheck.class);
        outcomes.put(TdxCheck.FORMAT, QuoteFormat.judge(evidence.quote()));
        outcomes.put(TdxCheck.QUOTE_SIGNATURE, quoteJudge.signature(evidence));
        outcomes.put(TdxCheck.QE_REPORT, quoteJudge.qeReport(evidence, pck));
        outcomes.put(TdxCheck.PCK_CHAIN, pck.outcome());
        Optional<Outcome.NotReached> blocked = Stream.of(
                        TdxCheck.PCK_CHAIN, TdxCheck.QE_REPORT, TdxCheck.QUOTE_SIGNATURE, TdxCheck.FORMAT)
                .filter(check -> !(outcomes.get(check) instanceof Outcome.Passed))
                .findFirst()
                .map(Outcome.NotReached::new);
        return new Inner(outcomes, pck, blocked);
    }

    Set<EndorsementRef> wanted(QuoteEvidence evidence, Endorsements inHand, Instant at) {
        Inner inner = inner(evidence, at);
        if (inner.blocked().isPresent() || inner.pck().chain().isEmpty()) {
            return Set.of();
        }
        PckChain chain = inner.pck().chain().get();
        var tee = evidence.quote().tee();
        Bytes fmspc = chain.identity().fmspc();
        var wanted = new LinkedHashSet<EndorsementRef>();
        // Of a statement that is brought, only how it compares with the newest fetched one is still of interest.
        wanted.add(
                CollateralJudge.brought(StatementKind.TCB_INFO, inHand).isEmpty()
                        ? new IntelEndorsementRef.TcbInfo(tee, fmspc)
                        : new IntelEndorsementRef.SeenEvaluationNumber(tee, fmspc));
        if (CollateralJudge.brought(StatementKind.QE_IDENTITY, inHand).isEmpty()) {
            wanted.add(new IntelEndorsementRef.QeIdentity(tee));
        }
        if (inHand.brought(IntelRevocationJudge.PCK_SLOT).isEmpty()) {
            wanted.add(new IntelEndorsementRef.PckCrl(chain.ca()));
        }
        if (inHand.brought(IntelRevocationJudge.ROOT_SLOT).isEmpty()) {
            wanted.add(new IntelEndorsementRef.RootCaCrl());
        }
        wanted.removeIf(inHand::answered);
        return wanted;
    }

    /** Every check but the event log's. */
    QuoteVerdict judge(QuoteEvidence evidence, AuthenticationContext context) {
        Quote quote = evidence.quote();
        Inner inner = inner(evidence, context.at());
        CollateralJudge.Judgement collateral = collateralJudge.judge(quote, inner.pck(), inner.blocked(), context);
        IntelRevocationJudge.Judgement revocation =
                revocationJudge.judge(inner.pck(), collateral, inner.blocked(), context);
        TcbJudge.Judgement tcb = TcbJudge.judge(quote, inner.pck(), collateral, context.tolerances());
        var outcomes = inner.outcomes();
        outcomes.put(TdxCheck.COLLATERAL, collateral.outcome());
        outcomes.put(TdxCheck.REVOCATION, revocation.outcome());
        outcomes.put(TdxCheck.BINDING, binding(quote, context));
        outcomes.put(TdxCheck.TCB, tcb.outcome());
        outcomes.replaceAll(context.tolerances()::applyTo);
        return new QuoteVerdict(
                outcomes,
                inner.pck().chain(),
                collateral.tcbInfo(),
                collateral.qeIdentity(),
                tcb.verdict(),
                rollback(evidence, inner.pck(), collateral, context.endorsements()),
                revocation.until(),
                context.at());
    }

    /** A brought TCB info that is older than one this service has fetched. */
    private static Optional<QuoteVerdict.Rollback> rollback(
            QuoteEvidence evidence, PckJudgement pck, CollateralJudge.Judgement collateral, Endorsements inHand) {
        if (pck.chain().isEmpty() || collateral.tcbInfo().isEmpty()) {
            return Optional.empty();
        }
        var ref = new IntelEndorsementRef.SeenEvaluationNumber(
                evidence.quote().tee(), pck.chain().get().identity().fmspc());
        int brought = collateral.tcbInfo().get().statement().tcbEvaluationDataNumber();
        return inHand.gathered(ref) instanceof Availability.InHand held
                ? Optional.of(number(held.content()))
                        .filter(fetched -> brought < fetched)
                        .map(fetched -> new QuoteVerdict.Rollback(brought, fetched))
                : Optional.empty();
    }

    /** One that cannot be read is taken for the highest: a damaged memory must neither allow going back nor stop anything. */
    private static int number(Bytes remembered) {
        try {
            return Integer.parseInt(remembered.toUtf8());
        } catch (NumberFormatException _) {
            return Integer.MAX_VALUE;
        }
    }

    private static Outcome binding(Quote quote, AuthenticationContext context) {
        Optional<Bytes> expected = context.expectedBytes();
        if (context.bindingMethod() == BindingMethod.NONE || expected.isEmpty()) {
            return new Outcome.Undetermined(
                    "a nonce: this request binds the evidence to nothing",
                    Outcome.Cause.NOT_ASKED,
                    "Ask for a challenge, have the guest put what it demands into REPORTDATA, and send both.");
        }
        Bytes found = quote.body().reportData();
        return found.equals(expected.get())
                ? BOUND
                : new Outcome.Failed(
                        expected.get().toString(),
                        found.toString(),
                        "The quote answers another nonce, key or set of devices, or was made for another binding: have the"
                                + " guest make a new one for this request.");
    }
}
