package io.countersign.verifier.tee.snp;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.CheckReport;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.tee.snp.VekJudgement.Vouched;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Optional;
import java.util.Set;

/** Runs every check that still makes sense, and says which endorsements would let more of them run. */
final class SnpAuthenticator {
    private static final Outcome BOUND =
            new Outcome.Passed("REPORT_DATA holds exactly the 64 bytes that this request's binding asks for.");

    private final SnpAnchors anchors;
    private final SignatureFacts facts;
    private final VekJudge vekJudge;
    private final RevocationJudge revocationJudge;

    SnpAuthenticator(SnpAnchors anchors, Signatures signatures, SignatureFacts facts) {
        this.anchors = anchors;
        this.facts = facts;
        this.vekJudge = new VekJudge(anchors, signatures, facts);
        this.revocationJudge = new RevocationJudge(signatures, facts);
    }

    /** Reads a certificate, or recalls it where it is an anchor or was verified before. */
    Certificate read(Bytes der) throws MalformedDerException {
        Bytes fingerprint = der.sha256();
        Optional<Certificate> anchor = anchors.anchorWith(fingerprint);
        if (anchor.isPresent()) {
            return anchor.get();
        }
        for (AmdChain chain : anchors.chains()) {
            Optional<Vek> known = facts.recall(chain.vekFact(fingerprint), Vek.class);
            if (known.isPresent()) {
                return known.get().certificate();
            }
        }
        return Certificate.parse(der);
    }

    Set<EndorsementRef> wanted(SnpEvidence evidence, Endorsements inHand, Instant at) {
        VekSource source = VekSource.of(evidence, inHand, this::read);
        if (source instanceof VekSource.Wanted(AmdEndorsementRef.Vcek ref)) {
            return Set.of(ref);
        }
        VekJudgement vek = vekJudge.judge(evidence, source, inHand, at);
        if (!vek.signature().admits()) {
            return Set.of();
        }
        if (vek.vouched().isEmpty()) {
            boolean wellFormed = ReportFormat.findings(
                            evidence.report(), evidence.report().product())
                    .isEmpty();
            return vek.reissue()
                    .filter(ref -> wellFormed && !inHand.answered(ref))
                    .<Set<EndorsementRef>>map(Set::of)
                    .orElse(Set.of());
        }
        if (!vek.chain().admits() || !RevocationJudge.brought(evidence, inHand).isEmpty()) {
            return Set.of();
        }
        var ref = RevocationJudge.ref(vek.vouched().get().chain());
        return inHand.answered(ref) ? Set.of() : Set.of(ref);
    }

    Authentication authenticate(SnpEvidence evidence, AuthenticationContext context) {
        AttestationReport report = evidence.report();
        VekSource source = VekSource.of(evidence, context.endorsements(), this::read);
        VekJudgement vek = vekJudge.judge(evidence, source, context.endorsements(), context.at());
        RevocationJudge.Judgement revocation = revocationJudge.judge(evidence, vek, context);
        Optional<Product> product = report.product()
                .or(() -> vek.vouched().map(vouched -> vouched.vek().product()));

        var outcomes = new EnumMap<SnpCheck, Outcome>(SnpCheck.class);
        outcomes.put(SnpCheck.FORMAT, ReportFormat.judge(report, product));
        outcomes.put(SnpCheck.REPORT_SIGNATURE, vek.signature());
        outcomes.put(SnpCheck.VEK_CHAIN, vek.chain());
        outcomes.put(SnpCheck.VEK_MATCHES_REPORT, vek.matches());
        outcomes.put(SnpCheck.REVOCATION, revocation.outcome());
        outcomes.put(SnpCheck.BINDING, binding(report, context));
        outcomes.replaceAll(context.tolerances()::applyTo);

        return Authentication.conclude(
                CheckReport.covering(SnpCheck.class, outcomes),
                () -> SnpClaims.of(report, product, vek.vouched()),
                restsUntil(vek, revocation, context.at()));
    }

    private static Outcome binding(AttestationReport report, AuthenticationContext context) {
        Optional<Bytes> expected = context.expectedBytes();
        if (context.bindingMethod() == BindingMethod.NONE || expected.isEmpty()) {
            return new Outcome.Undetermined(
                    "a nonce: this request binds the evidence to nothing",
                    Outcome.Cause.NOT_ASKED,
                    "Ask for a challenge, have the guest put what it demands into REPORT_DATA, and send both.");
        }
        return report.reportData().equals(expected.get())
                ? BOUND
                : new Outcome.Failed(
                        expected.get().toString(),
                        report.reportData().toString(),
                        "The report answers another nonce, key or set of devices, or was made for another binding: have"
                                + " the guest make a new one for this request.");
    }

    private static Instant restsUntil(VekJudgement vek, RevocationJudge.Judgement revocation, Instant at) {
        if (vek.vouched().isEmpty()) {
            return at;
        }
        Vouched vouched = vek.vouched().get();
        Instant until = earlier(
                vouched.vek().certificate().window().notAfter(), vouched.chain().notAfter());
        return revocation.until().map(end -> earlier(end, until)).orElse(until);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
