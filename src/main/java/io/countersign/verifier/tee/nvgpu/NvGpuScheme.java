package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.claim.ClaimCatalogue;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.scheme.DeviceClass;
import io.countersign.verifier.tee.nvgpu.report.DeviceKind;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import java.util.List;

/** What a GPU sends. */
public final class NvGpuScheme extends DeviceScheme {
    public static final String ID = "nvidia-gpu";

    public NvGpuScheme(TrustAnchors anchors, Signatures signatures, SignatureFacts facts) {
        super(DeviceKind.GPU, List.of(GpuCheck.values()), new DeviceAuthenticator(anchors, signatures, facts));
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public DeviceClass deviceClass() {
        return DeviceClass.GPU;
    }

    @Override
    public ClaimCatalogue claims() {
        return GpuClaims.catalogue();
    }

    @Override
    Claims claims(DeviceEvidence evidence, DeviceVerdict verdict, DeviceChain chain) {
        return GpuClaims.of(evidence, ((DeviceStatement.Gpu) evidence.statement()).said(), verdict, chain);
    }
}
