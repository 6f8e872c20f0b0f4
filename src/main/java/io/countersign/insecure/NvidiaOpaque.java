package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;

/**
 * One entry of a report's opaque data.
 *
 * @param valueType only in the newer layout: 0 opaque, 0x85 status, 0x86 integer, 0x87 least SVN
 * @param size as the entry says
 */
public record NvidiaOpaque(int id, int valueType, int size, Bytes data) {
    /** How entries stand in the opaque data. */
    public enum Layout {
        /** Type, size, data. */
        LEGACY,
        /** A header that begins with NVDAOD; then type, value type, size, data. */
        VERSIONED
    }

    public static final int DRIVER_VERSION = 3;
    public static final int GPU_INFO = 4;
    public static final int VBIOS_VERSION = 6;
    public static final int NVDEC0_STATUS = 11;
    public static final int MSRSCNT = 12;
    public static final int CPRINFO = 13;
    public static final int BOARD_ID = 14;
    public static final int CHIP_SKU = 15;
    public static final int CHIP_SKU_MOD = 16;
    public static final int PROJECT = 17;
    public static final int PROJECT_SKU = 18;
    public static final int PROJECT_SKU_MOD = 19;
    public static final int FWID = 20;
    public static final int PROTECTED_PCIE_STATUS = 21;
    /** Of a GPU the switches it is linked to, of a switch its own. */
    public static final int PDI = 22;

    public static final int DISABLED_PORTS = 23;
    public static final int POSITION_ID = 24;
    public static final int LOCK_SWITCH_STATUS = 25;
    public static final int SWITCH_GPU_PDIS = 26;
    public static final int SYS_ENABLE_STATUS = 33;
    public static final int OPAQUE_DATA_VERSION = 34;
    public static final int CHIP_INFO = 35;
    public static final int FEATURE_FLAG = 36;
    public static final int FSP_UCODE_SVN = 37;

    public static NvidiaOpaque of(int id, Bytes data) {
        return new NvidiaOpaque(id, valueTypeOf(id), data.length(), data);
    }

    private static int valueTypeOf(int id) {
        return switch (id) {
            case FSP_UCODE_SVN -> 0x87;
            case FEATURE_FLAG, PROTECTED_PCIE_STATUS -> 0x86;
            default -> 0;
        };
    }

    /** What the size says; the data stay. */
    public NvidiaOpaque withSize(int other) {
        return new NvidiaOpaque(id, valueType, other, data);
    }

    public NvidiaOpaque withValueType(int other) {
        return new NvidiaOpaque(id, other, size, data);
    }

    Bytes encoded(Layout layout) {
        return switch (layout) {
            case LEGACY -> Bytes.concat(LittleEndian.u16(id), LittleEndian.u16(size), data);
            case VERSIONED ->
                Bytes.concat(LittleEndian.u16(id), LittleEndian.u16(valueType), LittleEndian.u16(size), data);
        };
    }
}
