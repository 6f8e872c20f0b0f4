package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.claim.ClaimCatalogue;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.scheme.DeviceClass;
import io.countersign.verifier.tee.nvgpu.report.DeviceKind;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;

/** What an NVSwitch sends. */
public final class NvSwitchScheme extends DeviceScheme {
    public static final String ID = "nvidia-nvswitch";

    public NvSwitchScheme(TrustAnchors anchors, Signatures signatures, SignatureFacts facts) {
        super(DeviceKind.NVSWITCH, GpuCheck.OF_SWITCHES, new DeviceAuthenticator(anchors, signatures, facts));
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
    public ClaimCatalogue claims() {
        return SwitchClaims.catalogue();
    }

    @Override
    Claims claims(DeviceEvidence evidence, DeviceVerdict verdict, DeviceChain chain) {
        return SwitchClaims.of(evidence, ((DeviceStatement.Switch) evidence.statement()).said(), verdict, chain);
    }
}
