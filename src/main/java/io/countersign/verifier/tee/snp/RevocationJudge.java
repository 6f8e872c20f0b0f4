package io.countersign.verifier.tee.snp;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.tee.snp.VekJudgement.Vouched;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.RevocationList;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.Window;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * {@code snp.revocation}. The ARK's list names intermediates: VEK certificates all have the serial 0, so that looking one
 * up says nothing, and an entry 0 can only mean all of them. RFC 5280, section 6.3.
 */
final class RevocationJudge {
    private static final String SLOT = "amd.crl";
    private static final String GET_ONE = "Bring AMD's current list in \"endorsements\", or let the service reach AMD's"
            + " Key Distribution Service.";

    /** Who handed the list in, and what to do when it is no good. */
    private sealed interface From {
        record Request() implements From {}

        record Service(Availability.InHand own) implements From {}

        default String hint() {
            return switch (this) {
                case Request() -> "Leave the list out, so that this service uses AMD's current one.";
                case Service _ ->
                    "AMD's Key Distribution Service, or the copy of its answer that this service keeps, is at fault, not"
                            + " the evidence: discard the copy or bring a current list along.";
            };
        }
    }

    private final Signatures signatures;
    private final SignatureFacts facts;

    RevocationJudge(Signatures signatures, SignatureFacts facts) {
        this.signatures = signatures;
        this.facts = facts;
    }

    /**
     * How the check ended.
     *
     * @param until when the list stops counting; absent when none was relied on
     */
    record Judgement(Outcome outcome, Optional<Instant> until) {
        static Judgement without(Outcome outcome) {
            return new Judgement(outcome, Optional.empty());
        }
    }

    /** The list that the request brought: in its slot or, that being empty, in the certificate table. */
    static List<Bytes> brought(SnpEvidence evidence, Endorsements inHand) {
        List<Bytes> slot = inHand.brought(SLOT);
        return slot.isEmpty() ? evidence.certificates().crl().stream().toList() : slot;
    }

    static AmdEndorsementRef.Crl ref(AmdChain chain) {
        return new AmdEndorsementRef.Crl(chain.product(), chain.kind());
    }

    Judgement judge(SnpEvidence evidence, VekJudgement vek, AuthenticationContext context) {
        if (vek.vouched().isEmpty()) {
            return Judgement.without(new Outcome.NotReached(SnpCheck.VEK_CHAIN));
        }
        AmdChain chain = vek.vouched().map(Vouched::chain).get();
        List<Bytes> brought = brought(evidence, context.endorsements());
        if (brought.size() > 1) {
            return Judgement.without(
                    new Outcome.Failed("one revocation list", brought.size() + " lists", new From.Request().hint()));
        }
        if (brought.size() == 1) {
            return judge(brought.getFirst(), chain, new From.Request(), context);
        }
        if (!vek.chain().admits()) {
            return Judgement.without(new Outcome.NotReached(SnpCheck.VEK_CHAIN));
        }
        if (!vek.signature().admits()) {
            return Judgement.without(new Outcome.NotReached(SnpCheck.REPORT_SIGNATURE));
        }
        AmdEndorsementRef.Crl ref = ref(chain);
        return switch (context.endorsements().gathered(ref)) {
            case Availability.InHand own -> judge(own.content(), chain, new From.Service(own), context);
            case Availability.Missing(String why, Outcome.Cause cause) ->
                Judgement.without(new Outcome.Undetermined(ref.description() + ": " + why, cause, GET_ONE));
        };
    }

    private Judgement judge(Bytes der, AmdChain chain, From from, AuthenticationContext context) {
        Optional<RevocationList> list;
        try {
            list = signedList(der, chain);
        } catch (MalformedDerException e) {
            return Judgement.without(new Outcome.Failed("a revocation list in DER", e.getMessage(), from.hint()));
        }
        if (list.isEmpty()) {
            return Judgement.without(new Outcome.Failed(
                    "a revocation list of " + chain.ark().subjectCommonName() + ", signed by it",
                    "this list is issued or signed by another key",
                    from.hint()));
        }
        return judge(list.get(), chain, from, context);
    }

    /** The list, when it bears the ARK's name and signature. */
    private Optional<RevocationList> signedList(Bytes der, AmdChain chain) throws MalformedDerException {
        var key = chain.crlFact(der.sha256());
        Optional<RevocationList> known = facts.recall(key, RevocationList.class);
        if (known.isPresent()) {
            return known;
        }
        RevocationList list = RevocationList.parse(der);
        if (!signed(list, chain, signatures)) {
            return Optional.empty();
        }
        facts.remember(key, list);
        return Optional.of(list);
    }

    /** Whether a list bears the name and the signature of a chain's ARK. */
    static boolean signed(RevocationList list, AmdChain chain, Signatures signatures) {
        return list.issuer().equals(chain.ark().subject())
                && AmdSignature.isAlgorithm(list.signatureAlgorithm())
                && signatures.rsaPssSha384(chain.arkKey(), list.tbs(), list.signature()) == Signatures.Verdict.VALID;
    }

    private static Judgement judge(RevocationList list, AmdChain chain, From from, AuthenticationContext context) {
        if (!list.unknownCriticalExtensions().isEmpty()) {
            return Judgement.without(new Outcome.Failed(
                    "a revocation list without critical extensions that are not known",
                    String.join(", ", list.unknownCriticalExtensions()),
                    from.hint()));
        }
        BigInteger serial = chain.intermediate().serial();
        if (list.revokedSerials().contains(serial) || list.revokedSerials().contains(BigInteger.ZERO)) {
            return Judgement.without(new Outcome.Failed(
                    chain.intermediate().subjectCommonName() + " and its certificates not revoked",
                    "AMD's list of " + list.thisUpdate() + " revokes serial 0x"
                            + (list.revokedSerials().contains(serial) ? serial : BigInteger.ZERO).toString(16),
                    "AMD has withdrawn these keys: nothing they sign can be relied on."));
        }
        if (list.nextUpdate().isEmpty()) {
            return Judgement.without(new Outcome.Failed(
                    "a revocation list that says when it ends", "it has no nextUpdate", from.hint()));
        }
        return window(list, list.nextUpdate().get(), chain, from, context);
    }

    private static Judgement window(
            RevocationList list, Instant end, AmdChain chain, From from, AuthenticationContext context) {
        Instant at = context.at();
        String window = "from " + list.thisUpdate() + " until " + end;
        if (hasBegun(list, at) && at.isBefore(end)) {
            return new Judgement(
                    new Outcome.Passed(chain.ark().subjectCommonName() + "'s revocation list, valid " + window
                            + ", does not list " + chain.intermediate().subjectCommonName() + "."),
                    Optional.of(end));
        }
        return switch (from) {
            case From.Request() ->
                Judgement.without(
                        new Outcome.Failed("a revocation list valid at " + at, "it is valid " + window, from.hint()));
            case From.Service(Availability.InHand own) -> ownOutsideItsWindow(list, end, chain, own, context);
        };
    }

    private static Judgement ownOutsideItsWindow(
            RevocationList list, Instant end, AmdChain chain, Availability.InHand own, AuthenticationContext context) {
        Instant at = context.at();
        Instant tolerated = end.plus(context.tolerances().staleCrl());
        if (hasBegun(list, at) && at.isBefore(tolerated)) {
            return new Judgement(
                    new Outcome.Passed(chain.ark().subjectCommonName() + "'s revocation list ended at " + end
                            + "; policy " + context.tolerances().policy() + " lets it count until " + tolerated
                            + ". It does not list " + chain.intermediate().subjectCommonName() + "."),
                    Optional.of(tolerated));
        }
        return Judgement.without(new Outcome.Undetermined(
                "a revocation list of " + chain.ark().subjectCommonName() + " valid at " + at
                        + "; the one in hand is valid from " + list.thisUpdate() + " until " + end
                        + own.whyNotRenewed(),
                own.causeWhenOver(),
                GET_ONE));
    }

    private static boolean hasBegun(RevocationList list, Instant at) {
        return !at.plus(Window.SKEW_AT_BEGINNING).isBefore(list.thisUpdate());
    }
}
