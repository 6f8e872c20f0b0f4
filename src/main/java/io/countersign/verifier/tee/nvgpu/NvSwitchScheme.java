package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.check.CheckReport;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.ClaimCatalogue;
import io.countersign.verifier.scheme.AttestationScheme;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.scheme.DeviceClass;
import io.countersign.verifier.scheme.EvidenceMember;
import io.countersign.verifier.scheme.Field;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.tee.nvgpu.report.DeviceKind;
import io.countersign.verifier.tee.nvgpu.report.ReportFields;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** An NVSwitch's evidence: an attestation report and the device's certificate chain. */
public final class NvSwitchScheme implements AttestationScheme<DeviceEvidence> {
    public static final String ID = "nvidia-nvswitch";

    private final DeviceAuthenticator authenticator;

    public NvSwitchScheme(TrustAnchors anchors, Signatures signatures, SignatureFacts facts) {
        this.authenticator = new DeviceAuthenticator(anchors, signatures, facts);
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public DeviceClass deviceClass() {
        return DeviceClass.NVSWITCH;
    }

    @Override
    public List<EvidenceMember> members() {
        return DeviceEvidence.MEMBERS;
    }

    @Override
    public DeviceEvidence parse(RawEvidence raw) throws EvidenceException {
        return DeviceEvidence.parse(raw, DeviceKind.NVSWITCH);
    }

    @Override
    public Set<EndorsementRef> wanted(DeviceEvidence evidence, Endorsements inHand, Instant at) {
        return authenticator.wanted(evidence, inHand, at);
    }

    @Override
    public Authentication authenticate(DeviceEvidence evidence, AuthenticationContext context) {
        DeviceVerdict verdict = authenticator.judge(evidence, context);
        var said = (DeviceStatement.Switch) evidence.statement();
        return Authentication.conclude(
                CheckReport.covering(GpuCheck.OF_SWITCHES, verdict.outcomes()),
                () -> SwitchClaims.of(
                        evidence, said.said(), verdict, verdict.chain().orElseThrow()),
                verdict.restsUntil());
    }

    @Override
    public List<Field> show(DeviceEvidence evidence) {
        return ReportFields.of(evidence.report(), DeviceKind.NVSWITCH);
    }

    @Override
    public ClaimCatalogue claims() {
        return SwitchClaims.catalogue();
    }

    @Override
    public List<CheckId> checks() {
        return List.copyOf(GpuCheck.OF_SWITCHES);
    }
}
