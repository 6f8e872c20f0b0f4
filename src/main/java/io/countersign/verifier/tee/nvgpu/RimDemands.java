package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.tee.nvgpu.report.GpuStatement;
import io.countersign.verifier.tee.nvgpu.report.SwitchStatement;
import io.countersign.verifier.tee.nvgpu.rim.RimIds;
import java.util.List;
import java.util.Optional;

/** Which manifests a signed report asks for; what the sender says beside it plays no part. */
final class RimDemands {
    private static final String GPU = "GPU";
    private static final String SWITCH = "SWITCH";

    private RimDemands() {}

    static List<RimDemand> of(DeviceEvidence evidence, DeviceIdentity identity) {
        String product = identity.architecture().rimName();
        return switch (evidence.statement()) {
            case DeviceStatement.Gpu(GpuStatement said) -> List.of(driver(said, product), vbios(said, product));
            case DeviceStatement.Switch(SwitchStatement said) ->
                List.of(new RimDemand(
                        GpuCheck.VBIOS_RIM,
                        "the switch's BIOS",
                        said.biosVersion().flatMap(RimIds::switchBios),
                        product,
                        SWITCH,
                        said.biosVersion().orElse("")));
        };
    }

    private static RimDemand driver(GpuStatement said, String product) {
        String chip = said.chipInfo().orElse(product);
        return new RimDemand(
                GpuCheck.DRIVER_RIM,
                "the driver",
                said.driverVersion().flatMap(version -> RimIds.driver(chip, version)),
                product,
                GPU,
                said.driverVersion().orElse(""));
    }

    private static RimDemand vbios(GpuStatement said, String product) {
        Optional<String> id = board(said).flatMap(board -> said.vbiosVersion()
                .flatMap(version -> RimIds.vbios(board.project(), board.projectSku(), board.chipSku(), version)));
        return new RimDemand(
                GpuCheck.VBIOS_RIM,
                "the VBIOS",
                id,
                product,
                GPU,
                said.vbiosVersion().orElse(""));
    }

    static Optional<Board> board(GpuStatement said) {
        return said.project().flatMap(project -> said.projectSku()
                .flatMap(sku -> said.chipSku().map(chip -> new Board(project, sku, chip))));
    }
}
