package io.countersign.fuzz;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import io.countersign.insecure.SoftwareGpu;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.testkit.SoftwareNvidias;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Authenticity;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.tee.nvgpu.DeviceEvidence;
import io.countersign.verifier.tee.nvgpu.GpuCheck;
import io.countersign.verifier.tee.nvgpu.NvGpuScheme;
import io.countersign.verifier.tee.nvgpu.ocsp.ParsedAnswer;
import io.countersign.verifier.tee.nvgpu.report.AttestationReport;
import io.countersign.verifier.tee.nvgpu.report.DeviceKind;
import io.countersign.verifier.tee.nvgpu.report.GpuStatement;
import io.countersign.verifier.tee.nvgpu.report.ReportFields;
import io.countersign.verifier.tee.nvgpu.report.SwitchStatement;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.Tolerances;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** What makes the service read what comes with NVIDIA's devices, beside one device that is good. */
final class NvidiaReads {
    private static final SoftwareNvidia NVIDIA = SoftwareNvidias.trusted();
    private static final SoftwareGpu GPU = NVIDIA.h100("fuzz");
    private static final Bytes REPORT = GPU.report(Bytes.utf8("fuzz").sha256());
    private static final NvGpuScheme SCHEME =
            new NvGpuScheme(SoftwareNvidias.anchors(), signatures(), SignatureFacts.forgetful());
    private static final DeviceEvidence GOOD = good();

    private NvidiaReads() {}

    private static Signatures signatures() {
        var corretto = AmazonCorrettoCryptoProvider.INSTANCE;
        return corretto.getLoadingError() == null ? Signatures.by(corretto) : Signatures.by(new BouncyCastleProvider());
    }

    private static DeviceEvidence good() {
        try {
            return evidence(Bytes.utf8(GPU.chip().chainPem()));
        } catch (EvidenceException e) {
            throw new AssertionError("the software device is good", e);
        }
    }

    private static DeviceEvidence evidence(Bytes chain) throws EvidenceException {
        return SCHEME.parse(new RawEvidence(Map.of("evidence", REPORT, "certificate", chain)));
    }

    static Target.Ending report(Bytes raw, DeviceKind kind) {
        try {
            AttestationReport report = AttestationReport.read(raw, kind);
            ReportFields.of(report, kind);
            switch (kind) {
                case GPU -> GpuStatement.of(report.opaque());
                case NVSWITCH -> SwitchStatement.of(report.opaque());
            }
            return Target.Ending.ACCEPTED;
        } catch (EvidenceException e) {
            return Target.refused(e);
        }
    }

    static Target.Ending chain(Bytes pem) {
        try {
            return judged(evidence(pem), Map.of()).authenticity() == Authenticity.REJECTED
                    ? Target.Ending.REFUSED
                    : Target.Ending.ACCEPTED;
        } catch (EvidenceException e) {
            return Target.refused(e);
        }
    }

    static Target.Ending rim(Bytes xml) {
        var slots = Map.of("nvidia.rims." + GPU.board().driverRimId(), List.of(xml));
        return judged(GOOD, slots).report().outcomeOf(GpuCheck.DRIVER_RIM) instanceof Outcome.Passed
                ? Target.Ending.ACCEPTED
                : Target.Ending.REFUSED;
    }

    static Target.Ending answer(Bytes der) {
        judged(GOOD, Map.of("nvidia.ocsp", List.of(der)));
        return ParsedAnswer.parse(der) instanceof ParsedAnswer.Reading.Read
                ? Target.Ending.ACCEPTED
                : Target.Ending.REFUSED;
    }

    private static Authentication judged(DeviceEvidence evidence, Map<String, List<Bytes>> slots) {
        Endorsements inHand = Endorsements.brought(slots);
        SCHEME.wanted(evidence, inHand, NVIDIA.asOf());
        return SCHEME.authenticate(
                evidence,
                new AuthenticationContext(
                        NVIDIA.asOf(), inHand, Tolerances.strict("fuzz"), BindingMethod.NONE, Optional.empty()));
    }
}
