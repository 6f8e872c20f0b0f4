package io.countersign.service.wiring;

import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.policy.ClaimVocabulary;
import io.countersign.verifier.policy.PolicyParser;
import io.countersign.verifier.scheme.Schemes;
import io.countersign.verifier.tee.nvgpu.NvGpuScheme;
import io.countersign.verifier.tee.nvgpu.NvSwitchScheme;
import io.countersign.verifier.tee.snp.SnpScheme;
import io.countersign.verifier.tee.tdx.SgxScheme;
import io.countersign.verifier.tee.tdx.TdxScheme;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What the service and the command line judge with: the vendors' roots, every TEE, and the parser that knows their claims. */
public final class Tees {
    private Tees() {}

    /** The roots that ship, of all vendors. */
    public static TrustAnchors vendorAnchors() {
        return TrustAnchors.parse(shipped("/anchors/amd.pem"), TrustAnchors.Origin.VENDOR)
                .and(TrustAnchors.parse(shipped("/anchors/intel.pem"), TrustAnchors.Origin.VENDOR))
                .and(TrustAnchors.parse(shipped("/anchors/nvidia.pem"), TrustAnchors.Origin.VENDOR));
    }

    /** Adding a TEE is one line here. */
    public static Schemes schemes(TrustAnchors anchors, Signatures signatures, SignatureFacts facts) {
        return new Schemes(List.of(
                new SnpScheme(anchors, signatures, facts),
                new TdxScheme(anchors, signatures, facts),
                new SgxScheme(anchors, signatures, facts),
                new NvGpuScheme(anchors, signatures, facts),
                new NvSwitchScheme(anchors, signatures, facts)));
    }

    /** Reads policies about what these schemes can claim and check. */
    public static PolicyParser policyParser(Schemes schemes) {
        Set<CheckId> checks = schemes.all().stream()
                .flatMap(scheme -> scheme.checks().stream())
                .collect(Collectors.toUnmodifiableSet());
        return new PolicyParser(ClaimVocabulary.of(schemes), checks);
    }

    private static String shipped(String resource) {
        try (InputStream in = Tees.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the shipped anchors %s are missing".formatted(resource));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
