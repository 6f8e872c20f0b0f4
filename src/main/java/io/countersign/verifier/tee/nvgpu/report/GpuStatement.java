package io.countersign.verifier.tee.nvgpu.report;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import java.util.List;
import java.util.Optional;

/**
 * What a GPU says of itself beside its measurements. Entries come and go with the driver, so that any may be absent.
 *
 * @param vbiosVersion such as 96.00.9F.00.01
 * @param projectSkuMod absent also where the entry holds only NUL
 * @param chipSkuMod absent also where the entry holds only NUL
 * @param gpuInfo begins with the architecture and implementation of the chip, little-endian
 * @param cprInfo what NVIDIA says nothing about
 * @param nvdec0Status 0xAA is enabled and 0x55 disabled
 * @param protectedPcieStatus 0xAA is on and 0x55 off
 * @param featureFlag 0 is SPT, 1 MPT, 2 PPCIE
 * @param nvleStatus of unpublished meaning
 * @param measurementCounts how often each measurement was extended, by the index that a RIM uses
 * @param switchPdis for every link the switch behind it, as that switch spells itself; all zero where there is none
 */
public record GpuStatement(
        Optional<String> driverVersion,
        Optional<String> vbiosVersion,
        Optional<String> project,
        Optional<String> projectSku,
        Optional<String> projectSkuMod,
        Optional<String> chipSku,
        Optional<String> chipSkuMod,
        Optional<String> chipInfo,
        Optional<Bytes> gpuInfo,
        Optional<Bytes> boardId,
        Optional<Bytes> cprInfo,
        Optional<Bytes> fwid,
        Optional<Bytes> sysEnableStatus,
        Optional<Integer> nvdec0Status,
        Optional<Integer> protectedPcieStatus,
        Optional<Integer> featureFlag,
        Optional<Integer> fspUcodeSvn,
        Optional<Integer> nvleStatus,
        List<Long> measurementCounts,
        List<Bytes> switchPdis) {
    public GpuStatement {
        measurementCounts = List.copyOf(measurementCounts);
        switchPdis = List.copyOf(switchPdis);
    }

    public static GpuStatement of(OpaqueData opaque) throws MalformedEvidenceException {
        opaque.requireForms(DeviceKind.GPU);
        return new GpuStatement(
                text(opaque, OpaqueType.DRIVER_VERSION),
                opaque.find(OpaqueType.VBIOS_VERSION).map(Form::version),
                text(opaque, OpaqueType.PROJECT),
                text(opaque, OpaqueType.PROJECT_SKU),
                text(opaque, OpaqueType.PROJECT_SKU_MOD),
                text(opaque, OpaqueType.CHIP_SKU),
                text(opaque, OpaqueType.CHIP_SKU_MOD),
                text(opaque, OpaqueType.CHIP_INFO),
                opaque.find(OpaqueType.GPU_INFO),
                opaque.find(OpaqueType.BOARD_ID),
                opaque.find(OpaqueType.CPRINFO),
                opaque.find(OpaqueType.FWID),
                opaque.find(OpaqueType.SYS_ENABLE_STATUS),
                number(opaque, OpaqueType.NVDEC0_STATUS),
                number(opaque, OpaqueType.PROTECTED_PCIE_STATUS),
                number(opaque, OpaqueType.FEATURE_FLAG),
                number(opaque, OpaqueType.FSP_UCODE_SVN),
                number(opaque, OpaqueType.NVLE_STATUS),
                opaque.find(OpaqueType.MSRSCNT).map(Form::counts).orElse(List.of()),
                opaque.find(OpaqueType.SWITCH_PDI).map(Form::switchPdis).orElse(List.of()));
    }

    private static Optional<String> text(OpaqueData opaque, OpaqueType type) {
        return opaque.find(type).map(Form::text).filter(text -> !text.isEmpty());
    }

    private static Optional<Integer> number(OpaqueData opaque, OpaqueType type) {
        return opaque.find(type).map(Form::number);
    }
}
