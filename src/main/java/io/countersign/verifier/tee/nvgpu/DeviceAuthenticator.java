package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.tee.nvgpu.pki.ChainReader;
import io.countersign.verifier.tee.nvgpu.pki.NvidiaRoots;
import io.countersign.verifier.tee.nvgpu.report.AttestationReport;
import io.countersign.verifier.tee.nvgpu.rim.RimReader;
import io.countersign.verifier.tee.nvgpu.rim.SignedRim;
import io.countersign.verifier.trust.AnchorRole;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import java.security.PublicKey;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Judges one device, from its chain to its measurements; GPUs and switches differ in what they say, not in how. */
final class DeviceAuthenticator {
    private static final Outcome BOUND = new Outcome.Passed("The device answered the nonce that was asked for.");
    private static final Outcome SIGNED =
            new Outcome.Passed("The key of the leaf certificate signed request and response.");

    private final Signatures signatures;
    private final DeviceChainJudge chainJudge;
    private final RimJudge rimJudge;
    private final NvidiaRevocationJudge revocationJudge;
    private final RevocationQuestions questions;

    DeviceAuthenticator(TrustAnchors anchors, Signatures signatures, SignatureFacts facts) {
        this.signatures = signatures;
        this.chainJudge = new DeviceChainJudge(
                new ChainReader(new NvidiaRoots(anchors, AnchorRole.NVIDIA_DEVICE_ROOT, signatures), signatures, facts),
                signatures,
                facts);
        this.rimJudge = new RimJudge(new RimReader(
                new ChainReader(new NvidiaRoots(anchors, AnchorRole.NVIDIA_RIM_ROOT, signatures), signatures, facts),
                signatures,
                facts));
        this.revocationJudge = new NvidiaRevocationJudge(signatures, facts);
        this.questions = new RevocationQuestions(facts);
    }

    /** What needs no endorsement. */
    private record Inner(Map<GpuCheck, Outcome> outcomes, Optional<DeviceChain> chain) {
        /** The first check that makes looking at endorsements meaningless. */
        Optional<GpuCheck> blocked() {
            if (outcomes.get(GpuCheck.CERTIFICATE_CHAIN) instanceof Outcome.Failed) {
                return Optional.of(GpuCheck.CERTIFICATE_CHAIN);
            }
            return outcomes.entrySet().stream()
                    .filter(entry -> !(entry.getValue() instanceof Outcome.Passed) && entry.getKey() != GpuCheck.FWID
                            || entry.getValue() instanceof Outcome.Failed)
                    .map(Map.Entry::getKey)
                    .findFirst();
        }
    }

    private Inner inner(DeviceEvidence evidence, Instant at) {
        var outcomes = new EnumMap<GpuCheck, Outcome>(GpuCheck.class);
        DeviceChainJudge.Judgement chain =
                chainJudge.judge(evidence.chainPem(), evidence.statement().device(), at);
        Optional<DeviceIdentity> identity = chain.chain().map(DeviceChain::identity);
        Outcome signed = signature(evidence, chain.leafKey());
        outcomes.put(GpuCheck.FORMAT, ReportFormat.judge(evidence, identity));
        outcomes.put(GpuCheck.REPORT_SIGNATURE, signed);
        outcomes.put(
                GpuCheck.CERTIFICATE_CHAIN,
                chain.outcome() instanceof Outcome.Passed && signed instanceof Outcome.Passed
                        ? identity.flatMap(found -> DeviceMatch.contradiction(evidence.statement(), found))
                                .orElse(chain.outcome())
                        : chain.outcome());
        outcomes.put(GpuCheck.FWID, fwid(evidence.statement(), identity));
        return new Inner(outcomes, chain.chain());
    }

    private Outcome signature(DeviceEvidence evidence, Optional<PublicKey> leafKey) {
        if (leafKey.isEmpty()) {
            return new Outcome.NotReached(GpuCheck.CERTIFICATE_CHAIN);
        }
        AttestationReport report = evidence.report();
        var verdict = evidence.signature(
                () -> signatures.ecdsaP384Sha384(leafKey.get(), report.signedBytes(), report.signature()));
        return verdict == Signatures.Verdict.VALID
                ? SIGNED
                : new Outcome.Failed(
                        "a signature by the leaf certificate's key over all of request and response",
                        "the signature does not verify",
                        "The report was altered, or the chain is of another device or of another start of this one: collect"
                                + " report and chain together, and send both unaltered.");
    }

    private static Outcome fwid(DeviceStatement statement, Optional<DeviceIdentity> identity) {
        if (identity.isEmpty()) {
            return new Outcome.NotReached(GpuCheck.CERTIFICATE_CHAIN);
        }
        Bytes certified = identity.get().fwid();
        Optional<Bytes> reported = statement.fwid();
        if (reported.isEmpty()) {
            return new Outcome.Undetermined(
                    "the report's FWID, to compare with the one in the certificate",
                    Outcome.Cause.NOT_ASKED,
                    "Drivers up to about 545 and all known switches leave it out: update the driver of a GPU; for switches let"
                            + " the policy waive gpu.fwid by name.");
        }
        return reported.get().equals(certified)
                ? new Outcome.Passed("The firmware that reports is the one that the leaf certificate was issued to.")
                : new Outcome.Failed(
                        certified.toString(),
                        reported.get().toString(),
                        "The certificate belongs to other firmware than the one that reports: reset the device and collect"
                                + " report and chain together.");
    }

    /** Endorsements that anybody could make us fetch are asked for only once chain and report are found to be genuine. */
    Set<EndorsementRef> wanted(DeviceEvidence evidence, Endorsements inHand, Instant at) {
        Inner inner = inner(evidence, at);
        if (inner.blocked().isPresent() || inner.chain().isEmpty()) {
            return Set.of();
        }
        DeviceChain chain = inner.chain().get();
        var wanted = new LinkedHashSet<EndorsementRef>();
        List<RimDemand> demands = RimDemands.of(evidence, chain.identity());
        for (RimDemand demand : demands) {
            if (demand.slot().filter(slot -> inHand.brought(slot).isEmpty()).isPresent()) {
                demand.id().map(NvidiaEndorsementRef.Rim::new).ifPresent(wanted::add);
            }
        }
        List<SignedRim> rims =
                measurements(evidence, demands, inHand, at).judgement().rims();
        wanted.addAll(revocationJudge.wanted(questions.about(chain, rims), inHand));
        wanted.removeIf(inHand::answered);
        return wanted;
    }

    private record Measured(List<RimJudge.Judgement> manifests, MeasurementJudge.Judgement judgement) {}

    private Measured measurements(DeviceEvidence evidence, List<RimDemand> demands, Endorsements inHand, Instant at) {
        List<RimJudge.Judgement> manifests = demands.stream()
                .map(demand -> rimJudge.judge(demand, inHand, at))
                .toList();
        return new Measured(
                manifests,
                MeasurementJudge.judge(
                        manifests, evidence.report().response().measurements(), NvdecStatus.of(evidence.statement())));
    }

    /** Every check of the device's kind. */
    DeviceVerdict judge(DeviceEvidence evidence, AuthenticationContext context) {
        Instant at = context.at();
        Inner inner = inner(evidence, at);
        Optional<GpuCheck> blocked = inner.blocked();
        Map<GpuCheck, Outcome> outcomes = inner.outcomes();
        outcomes.put(GpuCheck.BINDING, binding(evidence, context));
        if (blocked.isPresent() || inner.chain().isEmpty()) {
            CheckId first = blocked.orElse(GpuCheck.CERTIFICATE_CHAIN);
            for (GpuCheck check :
                    List.of(GpuCheck.REVOCATION, GpuCheck.DRIVER_RIM, GpuCheck.VBIOS_RIM, GpuCheck.MEASUREMENTS)) {
                outcomes.put(check, new Outcome.NotReached(first));
            }
            return verdict(
                    outcomes, context, inner.chain(), nothingMeasured(first), Optional.empty(), Optional.empty());
        }
        DeviceChain chain = inner.chain().get();
        Measured measured =
                measurements(evidence, RimDemands.of(evidence, chain.identity()), context.endorsements(), at);
        measured.manifests().forEach(each -> outcomes.put(each.demand().check(), each.outcome()));
        outcomes.put(GpuCheck.MEASUREMENTS, measured.judgement().outcome());
        NvidiaRevocationJudge.Judgement revocation = revocationJudge.judge(
                questions.about(chain, measured.judgement().rims()), context);
        outcomes.put(GpuCheck.REVOCATION, revocation.outcome());
        return verdict(
                outcomes, context, inner.chain(), measured.judgement(), revocation.ocspStatus(), revocation.until());
    }

    private static DeviceVerdict verdict(
            Map<GpuCheck, Outcome> outcomes,
            AuthenticationContext context,
            Optional<DeviceChain> chain,
            MeasurementJudge.Judgement measurements,
            Optional<String> ocspStatus,
            Optional<Instant> revocationUntil) {
        outcomes.replaceAll(context.tolerances()::applyTo);
        return new DeviceVerdict(outcomes, chain, measurements, ocspStatus, revocationUntil, context.at());
    }

    private static MeasurementJudge.Judgement nothingMeasured(CheckId blocked) {
        return new MeasurementJudge.Judgement(new Outcome.NotReached(blocked), List.of(), Optional.empty());
    }

    private static Outcome binding(DeviceEvidence evidence, AuthenticationContext context) {
        Optional<Bytes> expected = context.expectedBytes();
        if (context.bindingMethod() == BindingMethod.NONE || expected.isEmpty()) {
            return new Outcome.Undetermined(
                    "a nonce: this request binds the evidence to nothing",
                    Outcome.Cause.NOT_ASKED,
                    "Ask for a challenge, have the device answer what it demands, and send both.");
        }
        Bytes found = evidence.report().request().nonce();
        return found.equals(expected.get())
                ? BOUND
                : new Outcome.Failed(
                        expected.get().toString(),
                        found.toString(),
                        "The device answered another nonce: collect its evidence anew for this request, with the nonce that"
                                + " the binding asks of devices.");
    }
}
