package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.nvgpu.report.GpuStatement;
import io.countersign.verifier.tee.nvgpu.report.SwitchStatement;
import java.util.List;
import java.util.Optional;

/** What a device says of itself in the opaque data of its report. */
sealed interface DeviceStatement {
    record Gpu(GpuStatement said) implements DeviceStatement {}

    record Switch(SwitchStatement said) implements DeviceStatement {}

    /** How often each register was extended, by RIM index; may be shorter than the list of registers. */
    default List<Long> measurementCounts() {
        return switch (this) {
            case Gpu(GpuStatement said) -> said.measurementCounts();
            case Switch(SwitchStatement said) -> said.measurementCounts();
        };
    }

    default Optional<Bytes> fwid() {
        return switch (this) {
            case Gpu(GpuStatement said) -> said.fwid();
            case Switch(SwitchStatement said) -> said.fwid();
        };
    }

    default Architecture.Device device() {
        return switch (this) {
            case Gpu _ -> Architecture.Device.GPU;
            case Switch _ -> Architecture.Device.NVSWITCH;
        };
    }
}
