package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.check.CheckReport;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.scheme.AttestationScheme;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.scheme.EvidenceMember;
import io.countersign.verifier.scheme.Field;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.tee.nvgpu.report.DeviceKind;
import io.countersign.verifier.tee.nvgpu.report.ReportFields;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Evidence of one kind of device: an attestation report and the certificate chain beside it. */
abstract sealed class DeviceScheme implements AttestationScheme<DeviceEvidence> permits NvGpuScheme, NvSwitchScheme {
    private final DeviceKind kind;
    private final List<GpuCheck> catalogue;
    private final DeviceAuthenticator authenticator;

    DeviceScheme(DeviceKind kind, List<GpuCheck> catalogue, DeviceAuthenticator authenticator) {
        this.kind = kind;
        this.catalogue = List.copyOf(catalogue);
        this.authenticator = authenticator;
    }

    /** What a device's evidence comes down to, once its chain leads to the pinned root. */
    abstract Claims claims(DeviceEvidence evidence, DeviceVerdict verdict, DeviceChain chain);

    @Override
    public final List<EvidenceMember> members() {
        return DeviceEvidence.MEMBERS;
    }

    @Override
    public final DeviceEvidence parse(RawEvidence raw) throws EvidenceException {
        return DeviceEvidence.parse(raw, kind);
    }

    @Override
    public final Set<EndorsementRef> wanted(DeviceEvidence evidence, Endorsements inHand, Instant at) {
        return authenticator.wanted(evidence, inHand, at);
    }

    @Override
    public final Authentication authenticate(DeviceEvidence evidence, AuthenticationContext context) {
        DeviceVerdict verdict = authenticator.judge(evidence, context);
        return Authentication.conclude(
                CheckReport.covering(catalogue, verdict.outcomes()),
                () -> claims(evidence, verdict, verdict.chain().orElseThrow()),
                verdict.restsUntil());
    }

    @Override
    public final List<Field> show(DeviceEvidence evidence) {
        return ReportFields.of(evidence.report(), kind);
    }

    @Override
    public final List<CheckId> checks() {
        return List.copyOf(catalogue);
    }
}
