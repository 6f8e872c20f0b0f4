package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.tee.nvgpu.report.GpuStatement;
import io.countersign.verifier.tee.nvgpu.report.SwitchStatement;
import java.util.Optional;

/** Whether what a signed report says about the device is what the certificates say. */
final class DeviceMatch {
    private static final String HINT =
            "Report and certificates verify and yet speak of different devices: do not use this one, and tell NVIDIA.";

    private DeviceMatch() {}

    static Optional<Outcome> contradiction(DeviceStatement statement, DeviceIdentity identity) {
        return switch (statement) {
            case DeviceStatement.Gpu(GpuStatement said) ->
                contradiction(
                        "GPU_INFO",
                        said.gpuInfo().map(info -> info.slice(0, 4)),
                        identity.architecture().gpuInfo().map(info -> info.slice(0, 4)));
            case DeviceStatement.Switch(SwitchStatement said) ->
                contradiction("DEVICE_PDI", said.devicePdi(), Optional.of(identity.pdi()));
        };
    }

    private static Optional<Outcome> contradiction(String field, Optional<Bytes> reported, Optional<Bytes> certified) {
        return reported.isPresent() && !reported.equals(certified)
                ? Optional.of(new Outcome.Failed(
                        "%s %s in the report, as the certificates say"
                                .formatted(field, certified.map(Bytes::toString).orElse("absent")),
                        reported.get().toString(),
                        HINT))
                : Optional.empty();
    }
}
