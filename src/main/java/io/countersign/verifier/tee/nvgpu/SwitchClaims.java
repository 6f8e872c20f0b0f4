package io.countersign.verifier.tee.nvgpu;

import static io.countersign.verifier.tee.nvgpu.CommonDeviceClaims.define;

import io.countersign.verifier.claim.ClaimCatalogue;
import io.countersign.verifier.claim.ClaimDefinition;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.claim.ClaimType.Hex;
import io.countersign.verifier.claim.ClaimType.Text;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.tee.nvgpu.report.SwitchStatement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What an NVSwitch's evidence comes down to. */
final class SwitchClaims {
    private static final long LOCKED = 1;

    private static final List<ClaimDefinition> OWN = List.of(
            define("vbios_version", new Text(), "Version of the switch's BIOS"),
            define("position_id", new ClaimType.UnsignedInteger(), "POSITION_ID: where it sits on the baseboard"),
            define("locked", new ClaimType.Flag(), "LOCK_SWITCH_STATUS: 1 on every genuine report"),
            define("disabled_ports", new Hex(2), "DISABLED_PORTS, as in the report"),
            define("gpu_pdis", new ClaimType.TextList(), "PDIs of the GPUs that the switch is linked with"));

    private static final ClaimCatalogue CATALOGUE = new ClaimCatalogue(Stream.of(
                    CommonDeviceClaims.identity(),
                    OWN,
                    CommonDeviceClaims.comparison(),
                    CommonDeviceClaims.manifest("vbios_rim", "the switch's BIOS"))
            .flatMap(List::stream)
            .toList());

    private SwitchClaims() {}

    static ClaimCatalogue catalogue() {
        return CATALOGUE;
    }

    static Claims of(DeviceEvidence evidence, SwitchStatement said, DeviceVerdict verdict, DeviceChain chain) {
        var claims = Claims.of(CATALOGUE);
        CommonDeviceClaims.identity(claims, evidence, chain);
        put(claims, "vbios_version", said.biosVersion());
        put(claims, "position_id", said.positionId().map(Integer::longValue));
        put(claims, "locked", said.lockSwitchStatus().map(status -> status == LOCKED));
        put(claims, "disabled_ports", said.disabledPorts());
        claims.with("gpu_pdis", CommonDeviceClaims.texts(said.gpuPdis()));
        CommonDeviceClaims.comparison(claims, verdict);
        for (RimDemand demand : RimDemands.of(evidence, chain.identity())) {
            CommonDeviceClaims.manifest(
                    claims, "vbios_rim", demand.id(), verdict.measurements().of(demand.check()));
        }
        return claims.build();
    }

    private static void put(Claims.Builder claims, String path, Optional<?> value) {
        value.ifPresent(present -> claims.with(path, present));
    }
}
