package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Findings;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.RevocationList;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.Window;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code tdx.revocation}. The root's list speaks about the PCK authority and the signer of collateral, the authority's list about
 * the PCK certificate. Intel SGX PCK Certificate and CRL Profile, chapter 2; RFC 5280, section 6.3.
 */
final class IntelRevocationJudge {
    static final String ROOT_SLOT = "intel.root_ca_crl";
    static final String PCK_SLOT = "intel.pck_crl";
    static final String PCK_CHAIN_SLOT = "intel.pck_crl_issuer_chain";

    private final IntelAnchors anchors;
    private final Signatures signatures;
    private final ListReader lists;

    IntelRevocationJudge(IntelAnchors anchors, Signatures signatures, SignatureFacts facts) {
        this.anchors = anchors;
        this.signatures = signatures;
        this.lists = new ListReader(signatures, facts);
    }

    /**
     * How the check ended.
     *
     * @param until when the first list, or the authority that a request brought for one, stops counting; absent when a list
     *     could not be relied on
     */
    record Judgement(Outcome outcome, Optional<Instant> until) {}

    /** Who must have signed a list. */
    private record Issuer(Certificate certificate, PublicKey key) {}

    /** One list: who must have signed it, where it comes from, and which certificates it is asked about. */
    private record Question(String slot, IntelEndorsementRef ref, Issuer issuer, List<Certificate> asked) {}

    private record Answer(Outcome outcome, Optional<Instant> until) {
        static Answer without(Outcome outcome) {
            return new Answer(outcome, Optional.empty());
        }
    }

    Judgement judge(
            PckJudgement pck,
            CollateralJudge.Judgement collateral,
            Optional<Outcome.NotReached> blocked,
            AuthenticationContext context) {
        if (pck.chain().isEmpty()) {
            return new Judgement(new Outcome.NotReached(TdxCheck.PCK_CHAIN), Optional.empty());
        }
        PckChain chain = pck.chain().get();
        var byRoot = new ArrayList<Certificate>(List.of(chain.authority()));
        Stream.concat(
                        collateral.tcbInfo().stream().map(signed -> signed.signerAt(context.at())),
                        collateral.qeIdentity().stream().map(signed -> signed.signerAt(context.at())))
                .map(IntelAnchors.Signer::certificate)
                .filter(signer -> !byRoot.contains(signer))
                .forEach(byRoot::add);
        var findings = new Findings();
        Issuer authority = new Issuer(chain.authority(), chain.authorityKey());
        // A chain without the list that it belongs to is about nothing.
        if (!context.endorsements().brought(PCK_SLOT).isEmpty()
                && !context.endorsements().brought(PCK_CHAIN_SLOT).isEmpty()) {
            switch (listIssuer(context.endorsements().brought(PCK_CHAIN_SLOT).getFirst(), chain, context.at())) {
                case Brought.Refused(Outcome.Failed why) -> findings.add(why);
                case Brought.Accepted(Issuer issuer) -> {
                    authority = issuer;
                    if (!issuer.certificate()
                            .fingerprint()
                            .equals(chain.authority().fingerprint())) {
                        byRoot.add(issuer.certificate());
                    }
                }
            }
        }
        Answer root = answer(
                new Question(
                        ROOT_SLOT,
                        new IntelEndorsementRef.RootCaCrl(),
                        new Issuer(chain.root().certificate(), chain.root().key()),
                        byRoot),
                blocked,
                context);
        Answer leaf = answer(
                new Question(PCK_SLOT, new IntelEndorsementRef.PckCrl(chain.ca()), authority, List.of(chain.leaf())),
                blocked,
                context);
        findings.add(root.outcome());
        findings.add(leaf.outcome());
        return new Judgement(
                findings.conclude("None of the certificates that this quote rests on is revoked."),
                earliest(root.until(), leaf.until(), endOfBrought(authority, chain)));
    }

    /** The quote's own authority is no collateral: the chain's windows count apart from this. */
    private static Instant endOfBrought(Issuer authority, PckChain chain) {
        return authority.certificate().fingerprint().equals(chain.authority().fingerprint())
                ? Instant.MAX
                : authority.certificate().window().notAfter();
    }

    private static Optional<Instant> earliest(Optional<Instant> root, Optional<Instant> leaf, Instant authority) {
        return root.isPresent() && leaf.isPresent()
                ? Stream.of(root.get(), leaf.get(), authority).min(Instant::compareTo)
                : Optional.empty();
    }

    private Answer answer(Question question, Optional<Outcome.NotReached> blocked, AuthenticationContext context) {
        List<Bytes> brought = context.endorsements().brought(question.slot());
        if (!brought.isEmpty()) {
            return judged(brought.getFirst(), question, Origin.REQUEST, Optional.empty(), context);
        }
        if (blocked.isPresent()) {
            return Answer.without(blocked.get());
        }
        return switch (context.endorsements().gathered(question.ref())) {
            case Availability.InHand held ->
                judged(held.content(), question, Origin.SERVICE, Optional.of(held), context);
            case Availability.Missing(String why, Outcome.Cause cause) ->
                Answer.without(
                        new Outcome.Undetermined(question.ref().description() + ": " + why, cause, Origin.GET_ONE));
        };
    }

    private Answer judged(
            Bytes der,
            Question question,
            Origin origin,
            Optional<Availability.InHand> held,
            AuthenticationContext context) {
        String name = question.issuer().certificate().subjectCommonName();
        RevocationList list;
        try {
            Optional<RevocationList> signed = lists.signedBy(
                    question.issuer().certificate(), question.issuer().key(), der);
            if (signed.isEmpty()) {
                return Answer.without(new Outcome.Failed(
                        "a revocation list of the " + name + ", signed by it",
                        "the list given for the " + name + " is issued or signed by another",
                        origin.hint()));
            }
            list = signed.get();
        } catch (MalformedDerException e) {
            return Answer.without(
                    new Outcome.Failed("a revocation list of the " + name + " in DER", e.getMessage(), origin.hint()));
        }
        for (Certificate asked : question.asked()) {
            if (list.revokedSerials().contains(asked.serial())) {
                return Answer.without(new Outcome.Failed(
                        asked.subjectCommonName() + " not revoked",
                        "the %s's list of %s revokes its serial 0x%s"
                                .formatted(
                                        name, list.thisUpdate(), asked.serial().toString(16)),
                        "Intel has withdrawn this key: nothing it signs can be relied on."));
            }
        }
        Optional<String> unfit = unfit(list);
        if (unfit.isPresent()) {
            return Answer.without(new Outcome.Failed(
                    "a revocation list of the " + name + " as Intel makes it", unfit.get(), origin.hint()));
        }
        return window(list, list.nextUpdate().orElseThrow(), name, origin, held, context);
    }

    private static Optional<String> unfit(RevocationList list) {
        if (!list.unknownCriticalExtensions().isEmpty()) {
            return Optional.of("it has critical extensions that are not known: "
                    + String.join(", ", list.unknownCriticalExtensions()));
        }
        if (list.number().isEmpty()) {
            return Optional.of("it has no number");
        }
        if (list.authorityKeyIdentifier().isEmpty()) {
            return Optional.of("it does not identify its authority's key");
        }
        return list.nextUpdate().isEmpty() ? Optional.of("it has no nextUpdate") : Optional.empty();
    }

    private static Answer window(
            RevocationList list,
            Instant end,
            String name,
            Origin origin,
            Optional<Availability.InHand> held,
            AuthenticationContext context) {
        Instant at = context.at();
        boolean begun = !at.plus(Window.SKEW_AT_BEGINNING).isBefore(list.thisUpdate());
        String window = "from " + list.thisUpdate() + " until " + end;
        if (begun && at.isBefore(end)) {
            return new Answer(
                    new Outcome.Passed("The list of the " + name + " is valid until " + end + "."), Optional.of(end));
        }
        if (held.isEmpty()) {
            return Answer.without(new Outcome.Failed(
                    "a revocation list of the " + name + " valid at " + at,
                    "that of the " + name + " is valid " + window,
                    origin.hint() + Origin.OR_AT));
        }
        Instant tolerated = end.plus(context.tolerances().staleCrl());
        if (begun && at.isBefore(tolerated)) {
            return new Answer(
                    new Outcome.Passed("The list of the " + name + " ended at " + end + "; policy "
                            + context.tolerances().policy() + " lets it count until " + tolerated + "."),
                    Optional.of(tolerated));
        }
        return Answer.without(new Outcome.Undetermined(
                "a revocation list of the " + name + " valid at " + at + "; the one in hand is valid " + window
                        + held.get().whyNotRenewed(),
                held.get().causeWhenOver(),
                Origin.GET_ONE));
    }

    /** What became of the chain that a request brings for the list of PCK certificates. */
    private sealed interface Brought {
        record Accepted(Issuer issuer) implements Brought {}

        record Refused(Outcome.Failed why) implements Brought {}
    }

    private Brought listIssuer(Bytes pem, PckChain chain, Instant at) {
        List<Certificate> certificates;
        try {
            certificates = anchors.certificates(pem, 2);
        } catch (MalformedDerException e) {
            return refused(e.getMessage());
        }
        if (certificates.size() != 2 || anchors.pinned(certificates.getLast()).isEmpty()) {
            return refused("it is not two certificates of which the second is a pinned root");
        }
        Certificate authority = certificates.getFirst();
        if (authority.fingerprint().equals(chain.authority().fingerprint())) {
            return new Brought.Accepted(new Issuer(chain.authority(), chain.authorityKey()));
        }
        var findings = IntelRole.authorityFindings(authority);
        if (!findings.isEmpty()) {
            return refused("the first certificate: " + String.join("; ", findings));
        }
        if (!authority.subject().equals(chain.authority().subject())) {
            return refused("it is that of the " + authority.subjectCommonName() + ", and the "
                    + chain.ca().commonName() + " issued the PCK certificate");
        }
        if (authority.window().at(at) != Window.Standing.WITHIN) {
            return refused("the first certificate is valid from " + authority.window());
        }
        if (!IntelSignature.signed(chain.root().key(), authority, signatures)) {
            return refused("the first certificate is not signed by the pinned root");
        }
        return IntelSignature.key(authority, signatures)
                .<Brought>map(key -> new Brought.Accepted(new Issuer(authority, key)))
                .orElseGet(() -> refused("the key of the first certificate is not on P-256"));
    }

    private static Brought refused(String why) {
        return new Brought.Refused(new Outcome.Failed(
                "an issuer chain of the revocation list that leads to the pinned root", why, Origin.REQUEST.hint()));
    }
}
