package io.countersign.verifier.tee.snp;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.tee.snp.VekJudgement.Vouched;
import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.Window;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Judges the VEK certificate of a report: its chain, its signature over the report, and what it names. */
final class VekJudge {
    private static final Outcome SIGNED =
            new Outcome.Passed("The VEK's key signed bytes 0x000 to 0x29f of the report (ECDSA P-384 with SHA-384).");

    private final SnpAnchors anchors;
    private final Signatures signatures;
    private final SignatureFacts facts;

    VekJudge(SnpAnchors anchors, Signatures signatures, SignatureFacts facts) {
        this.anchors = anchors;
        this.signatures = signatures;
        this.facts = facts;
    }

    /** Who answers for a certificate that is no good, and what to do about it. */
    sealed interface Fault {
        record Brought() implements Fault {}

        /** A VLEK, which nobody but the provider can fetch. */
        record BroughtVlek() implements Fault {}

        record Gathered(Availability.InHand own) implements Fault {}

        static Fault brought(AttestationReport report) {
            return report.keyInfo().signingKey() == KeyInfo.VLEK ? new BroughtVlek() : new Brought();
        }

        default String hint() {
            return switch (this) {
                case Brought() ->
                    "Leave the certificates out, so that this service fetches the right one, or bring the VEK certificate"
                            + " of exactly this chip and reported TCB.";
                case BroughtVlek() ->
                    "Bring the VLEK certificate that the host's certificate table holds now; this service cannot fetch"
                            + " one.";
                case Gathered _ ->
                    "AMD's Key Distribution Service, or the copy of its answer that this service keeps, is at fault, not"
                            + " the evidence: discard the copy or bring the certificate along.";
            };
        }
    }

    VekJudgement judge(SnpEvidence evidence, VekSource source, Endorsements inHand, Instant at) {
        return switch (source) {
            case VekSource.Brought(BroughtCertificates certificates) ->
                best(evidence, certificates.candidates(), inHand, at)
                        .orElseGet(() -> blocked(new Outcome.Failed(
                                "a VCEK or VLEK certificate among those brought",
                                "there is none among the " + certificates.count() + " certificates",
                                Fault.brought(evidence.report()).hint())));
            case VekSource.BroughtUnreadable(String why) ->
                blocked(new Outcome.Failed(
                        "certificates in PEM",
                        why,
                        Fault.brought(evidence.report()).hint()));
            case VekSource.Gathered(Certificate certificate, Availability.InHand own) ->
                judge(evidence, certificate, Optional.empty(), new Fault.Gathered(own), inHand, at);
            case VekSource.GatheredUnreadable(String why, Availability.InHand own) ->
                blocked(new Outcome.Failed("the VCEK certificate in DER", why, new Fault.Gathered(own).hint()));
            case VekSource.Wanted(AmdEndorsementRef.Vcek ref) ->
                blocked(VekSource.notInHand(ref.description(), Outcome.Cause.NOT_IN_HAND));
            case VekSource.NotInHand(Outcome.Undetermined why) -> blocked(why);
            case VekSource.FormatRefused() -> {
                var blocked = new Outcome.NotReached(SnpCheck.FORMAT);
                yield VekJudgement.without(blocked, blocked, blocked);
            }
            case VekSource.NoChipId() -> {
                var blocked = new Outcome.NotReached(SnpCheck.VEK_MATCHES_REPORT);
                yield VekJudgement.without(blocked, blocked, VekMatch.noChipId());
            }
        };
    }

    private static VekJudgement blocked(Outcome chain) {
        var blocked = new Outcome.NotReached(SnpCheck.VEK_CHAIN);
        return VekJudgement.without(chain, blocked, blocked);
    }

    /** The first candidate for which everything holds; otherwise the one that comes nearest. */
    private Optional<VekJudgement> best(
            SnpEvidence evidence, List<BroughtCertificates.Candidate> candidates, Endorsements inHand, Instant at) {
        Optional<VekKind> wanted = evidence.report().keyInfo().vekKind();
        var ordered = candidates.stream()
                .sorted(Comparator.comparing(
                        candidate -> !AmdNames.vekKind(candidate.certificate().subjectCommonName())
                                .equals(wanted)))
                .toList();
        Fault fault = Fault.brought(evidence.report());
        var seen = new HashSet<Bytes>();
        Optional<VekJudgement> best = Optional.empty();
        for (BroughtCertificates.Candidate candidate : ordered) {
            if (!seen.add(candidate.certificate().fingerprint())) {
                continue;
            }
            VekJudgement judgement = judge(evidence, candidate.certificate(), candidate.entry(), fault, inHand, at);
            if (judgement.allAdmit()) {
                return Optional.of(judgement);
            }
            if (best.isEmpty() || judgement.nearness() > best.get().nearness()) {
                best = Optional.of(judgement);
            }
        }
        return best;
    }

    private VekJudgement judge(
            SnpEvidence evidence,
            Certificate certificate,
            Optional<VekKind> entry,
            Fault fault,
            Endorsements inHand,
            Instant at) {
        Optional<VekKind> kind = AmdNames.vekKind(certificate.subjectCommonName());
        List<AmdChain> named = anchors.named(certificate.issuer()).stream()
                .filter(chain -> kind.isPresent() && chain.kind() == kind.get())
                .toList();
        Optional<Vouched> vouched = vouched(certificate, named);
        Optional<AmdEndorsementRef.Chain> reissue = Optional.empty();
        if (vouched.isEmpty() && !named.isEmpty()) {
            var ref = new AmdEndorsementRef.Chain(
                    named.getFirst().product(), named.getFirst().kind());
            reissue = Optional.of(ref);
            if (inHand.gathered(ref) instanceof Availability.InHand own) {
                vouched = vouched(
                        certificate,
                        anchors.reissued(ref.product(), ref.kind(), own.content()).stream()
                                .filter(chain -> chain.intermediate().subject().equals(certificate.issuer()))
                                .toList());
            }
        }
        // Without a chain the certificate is decoded for the product line it claims, only to say what else is wrong.
        Product product = vouched.map(found -> found.vek().product())
                .or(() -> named.stream().findFirst().map(AmdChain::product))
                .or(evidence.report()::product)
                .orElse(Product.MILAN);
        Vek vek = vouched.map(Vouched::vek).orElseGet(() -> Vek.read(certificate, product, signatures));
        return new VekJudgement(
                chain(vek, vouched, entry, fault, at),
                signature(evidence, vek, fault),
                VekMatch.judge(evidence.report(), vek, fault.hint()),
                vouched,
                reissue);
    }

    /** Tries every chain of the issuer's name and kind: the signature, not the name, tells a laboratory's from AMD's. */
    private Optional<Vouched> vouched(Certificate certificate, List<AmdChain> chains) {
        for (AmdChain chain : chains) {
            Optional<Vek> known = facts.recall(chain.vekFact(certificate.fingerprint()), Vek.class);
            if (known.isPresent()) {
                return Optional.of(new Vouched(known.get(), chain));
            }
        }
        for (AmdChain chain : chains) {
            if (AmdSignature.signed(chain.intermediateKey(), certificate, signatures)) {
                Vek vek = Vek.read(certificate, chain.product(), signatures);
                facts.remember(chain.vekFact(certificate.fingerprint()), vek);
                return Optional.of(new Vouched(vek, chain));
            }
        }
        return Optional.empty();
    }

    private static Outcome chain(Vek vek, Optional<Vouched> vouched, Optional<VekKind> entry, Fault fault, Instant at) {
        Certificate certificate = vek.certificate();
        if (entry.isPresent() && entry.get() != vek.kind()) {
            return new Outcome.Failed(
                    "a " + entry.get() + " certificate in the " + entry.get() + " entry of the certificate table",
                    "it holds one with the common name \"" + certificate.subjectCommonName() + "\"",
                    fault.hint());
        }
        if (!vek.roleFindings().isEmpty()) {
            return new Outcome.Failed(
                    "a VCEK or VLEK certificate as AMD makes them",
                    String.join("; ", vek.roleFindings()),
                    fault.hint());
        }
        if (vouched.isEmpty()) {
            return new Outcome.Failed(
                    "a certificate signed through an ASK or ASVK by a pinned ARK",
                    certificate.subjectCommonName() + " with SHA-256 " + certificate.fingerprint()
                            + " is signed by none of them",
                    fault.hint());
        }
        return windows(vek, vouched.get().chain(), fault, at);
    }

    private static Outcome windows(Vek vek, AmdChain chain, Fault fault, Instant at) {
        for (Certificate authority : List.of(chain.ark(), chain.intermediate())) {
            if (authority.window().at(at) != Window.Standing.WITHIN) {
                return new Outcome.Failed(
                        authority.subjectCommonName() + " valid at " + at,
                        "it is valid from " + authority.window(),
                        "Check the clock, or the time that was asked for.");
            }
        }
        Window window = vek.certificate().window();
        String name = vek.certificate().subjectCommonName();
        if (window.at(at) == Window.Standing.WITHIN) {
            return new Outcome.Passed(name + ", valid from " + window.notBefore() + " to " + window.notAfter()
                    + ", is signed by " + chain.text() + ".");
        }
        return switch (fault) {
            case Fault.Brought _, Fault.BroughtVlek _ ->
                new Outcome.Failed(name + " valid at " + at, "it is valid from " + window, fault.hint());
            // Our own copy outside its window is no copy: nobody sent anything wrong.
            case Fault.Gathered(Availability.InHand own) ->
                VekSource.notInHand(
                        "a " + name + " certificate valid at " + at + "; the one in hand is valid from " + window
                                + own.whyNotRenewed(),
                        own.causeWhenOver());
        };
    }

    private Outcome signature(SnpEvidence evidence, Vek vek, Fault fault) {
        if (vek.key().isEmpty()) {
            return new Outcome.NotReached(SnpCheck.VEK_CHAIN);
        }
        var verdict = evidence.signedBy(
                vek.certificate().fingerprint(),
                report -> signatures.ecdsaP384Sha384(
                        vek.key().get(),
                        report.signedBytes(),
                        report.signatureR().slice(0, 48).reversed(),
                        report.signatureS().slice(0, 48).reversed()));
        return switch (verdict) {
            case VALID -> SIGNED;
            case INVALID ->
                new Outcome.Failed(
                        "a signature by the key of the VEK certificate over bytes 0x000 to 0x29f",
                        "the signature does not verify with the certificate of SHA-256 "
                                + vek.certificate().fingerprint(),
                        "The report was altered, or the certificate is another chip's or TCB's. " + fault.hint());
        };
    }
}
