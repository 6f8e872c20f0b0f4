package io.countersign.verifier.tee.nvgpu.report;

import java.util.Optional;

/**
 * Types of opaque entries, without the prefix OPAQUE_FIELD_ID_ that NVIDIA's attestation SDK gives their names. Some numbers
 * mean another thing in the report of a switch; an entry whose bytes nobody has shown has no form.
 */
public enum OpaqueType {
    CERT_ISSUER_NAME(1),
    CERT_AUTHORITY_KEY_IDENTIFIER(2),
    DRIVER_VERSION(3, Form.TEXT),
    /** Switches of old firmware have here what is now in SWITCH_GPU_PDIS. */
    GPU_INFO(4, Form.EIGHT_BYTES, Form.GPU_SLOTS),
    SKU(5),
    VBIOS_VERSION(6, Form.BINARY_VERSION, Form.TEXT),
    MANUFACTURER_ID(7),
    TAMPER_DETECTION(8),
    SMC(9),
    VPR(10),
    NVDEC0_STATUS(11, Form.OCTET),
    MSRSCNT(12, Form.COUNTS),
    CPRINFO(13, Form.FOUR_BYTES),
    BOARD_ID(14, Form.FOUR_BYTES),
    CHIP_SKU(15, Form.TEXT),
    CHIP_SKU_MOD(16, Form.TEXT_OR_NONE),
    PROJECT(17, Form.TEXT),
    PROJECT_SKU(18, Form.TEXT),
    PROJECT_SKU_MOD(19, Form.TEXT_OR_NONE),
    FWID(20, Form.DIGEST),
    PROTECTED_PCIE_STATUS(21, Form.OCTET),
    SWITCH_PDI(22, DeviceKind.GPU, Form.LINK_PDIS),
    DEVICE_PDI(22, DeviceKind.NVSWITCH, Form.EIGHT_BYTES),
    FLOORSWEPT_PORTS(23, DeviceKind.GPU, Form.RAW),
    DISABLED_PORTS(23, DeviceKind.NVSWITCH, Form.TWO_BYTES),
    POSITION_ID(24, Form.RAW, Form.NUMBER),
    LOCK_SWITCH_STATUS(25, Form.RAW, Form.NUMBER),
    SWITCH_GPU_PDIS(26, Form.RAW, Form.GPU_SLOTS),
    SWITCH_PORTS(27),
    GPU_LINK_CONN(32),
    SYS_ENABLE_STATUS(33, Form.TWO_BYTES),
    OPAQUE_DATA_VERSION(34, Form.NUMBER),
    CHIP_INFO(35, Form.TEXT),
    FEATURE_FLAG(36, Form.NUMBER),
    FSP_UCODE_SVN(37, Form.NUMBER),
    NVLE_STATUS(38, Form.NUMBER),
    INVALID(255);

    private final int id;
    private final Optional<DeviceKind> only;
    private final Form onGpu;
    private final Form onSwitch;

    OpaqueType(int id) {
        this(id, Form.RAW);
    }

    OpaqueType(int id, Form form) {
        this(id, form, form);
    }

    OpaqueType(int id, Form onGpu, Form onSwitch) {
        this.id = id;
        this.only = Optional.empty();
        this.onGpu = onGpu;
        this.onSwitch = onSwitch;
    }

    OpaqueType(int id, DeviceKind only, Form form) {
        this.id = id;
        this.only = Optional.of(only);
        this.onGpu = form;
        this.onSwitch = form;
    }

    public int id() {
        return id;
    }

    Form form(DeviceKind kind) {
        return switch (kind) {
            case GPU -> onGpu;
            case NVSWITCH -> onSwitch;
        };
    }

    /** What a number means in the report of such a device, if that is known. */
    static Optional<OpaqueType> of(int id, DeviceKind kind) {
        for (OpaqueType type : values()) {
            if (type.id == id && type.only.map(kind::equals).orElse(true)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
