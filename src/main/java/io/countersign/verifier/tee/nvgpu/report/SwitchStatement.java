package io.countersign.verifier.tee.nvgpu.report;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import java.util.List;
import java.util.Optional;

/**
 * What an NVSwitch says of itself beside its measurements. Any entry may be absent.
 *
 * @param biosVersion such as 96.10.55.00.01
 * @param devicePdi what the last eight bytes of the serial number of its BROM certificate are, too
 * @param gpuPdis of the GPUs behind its ports, in order; genuine switches have named one twice
 * @param portMap for each of 64 ports the place of the GPU behind it among the switch's eight, 0xFF where there is none
 * @param disabledPorts one bit for four ports each
 * @param lockSwitchStatus 1 is locked
 * @param measurementCounts how often each measurement was extended, by the index that a RIM uses
 */
public record SwitchStatement(
        Optional<String> biosVersion,
        Optional<Bytes> devicePdi,
        List<Bytes> gpuPdis,
        Optional<Bytes> portMap,
        Optional<Bytes> disabledPorts,
        Optional<Integer> positionId,
        Optional<Integer> lockSwitchStatus,
        List<Long> measurementCounts,
        Optional<Bytes> fwid) {
    public SwitchStatement {
        gpuPdis = List.copyOf(gpuPdis);
        measurementCounts = List.copyOf(measurementCounts);
    }

    public static SwitchStatement of(OpaqueData opaque) throws MalformedEvidenceException {
        opaque.requireForms(DeviceKind.NVSWITCH);
        Optional<Bytes> gpus = opaque.find(OpaqueType.SWITCH_GPU_PDIS).or(() -> opaque.find(OpaqueType.GPU_INFO));
        return new SwitchStatement(
                opaque.find(OpaqueType.VBIOS_VERSION).map(Form::text),
                opaque.find(OpaqueType.DEVICE_PDI),
                gpus.map(Form::gpuPdis).orElse(List.of()),
                gpus.map(Form::portMap),
                opaque.find(OpaqueType.DISABLED_PORTS),
                opaque.find(OpaqueType.POSITION_ID).map(Form::number),
                opaque.find(OpaqueType.LOCK_SWITCH_STATUS).map(Form::number),
                opaque.find(OpaqueType.MSRSCNT).map(Form::counts).orElse(List.of()),
                opaque.find(OpaqueType.FWID));
    }
}
