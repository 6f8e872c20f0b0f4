package io.countersign.verifier.tee.nvgpu;

import java.util.Optional;

/** NVDEC0_STATUS of the opaque data: whether the video decoder is in use. */
enum NvdecStatus {
    ENABLED,
    DISABLED,
    /** Absent, or a value without a meaning: what it says about register 35 cannot be told. */
    UNKNOWN,
    /** Switches have no video decoder, and nothing special about register 35. */
    NOT_APPLICABLE;

    static NvdecStatus of(DeviceStatement statement) {
        return switch (statement) {
            case DeviceStatement.Gpu(var said) -> of(said.nvdec0Status());
            case DeviceStatement.Switch _ -> NOT_APPLICABLE;
        };
    }

    private static NvdecStatus of(Optional<Integer> status) {
        return switch (status.orElse(0)) {
            case ReportFormat.ENABLED -> ENABLED;
            case ReportFormat.DISABLED -> DISABLED;
            default -> UNKNOWN;
        };
    }
}
