package io.countersign.insecure;

/** Every field of ATTESTATION_REPORT by its offset and length. AMD 56860, "ATTESTATION_REPORT Structure" table. */
public enum ReportField {
    VERSION(0x000, 4),
    GUEST_SVN(0x004, 4),
    POLICY(0x008, 8),
    FAMILY_ID(0x010, 16),
    IMAGE_ID(0x020, 16),
    VMPL(0x030, 4),
    SIGNATURE_ALGO(0x034, 4),
    CURRENT_TCB(0x038, 8),
    PLATFORM_INFO(0x040, 8),
    /** AUTHOR_KEY_EN, MASK_CHIP_KEY, SIGNING_KEY and reserved bits. */
    FLAGS(0x048, 4),
    RESERVED_AFTER_FLAGS(0x04C, 4),
    REPORT_DATA(0x050, 64),
    MEASUREMENT(0x090, 48),
    HOST_DATA(0x0C0, 32),
    ID_KEY_DIGEST(0x0E0, 48),
    AUTHOR_KEY_DIGEST(0x110, 48),
    REPORT_ID(0x140, 32),
    REPORT_ID_MA(0x160, 32),
    REPORTED_TCB(0x180, 8),
    CPUID_FAM_ID(0x188, 1),
    CPUID_MOD_ID(0x189, 1),
    CPUID_STEP(0x18A, 1),
    RESERVED_AFTER_CPUID(0x18B, 21),
    CHIP_ID(0x1A0, 64),
    COMMITTED_TCB(0x1E0, 8),
    CURRENT_BUILD(0x1E8, 1),
    CURRENT_MINOR(0x1E9, 1),
    CURRENT_MAJOR(0x1EA, 1),
    RESERVED_AFTER_CURRENT(0x1EB, 1),
    COMMITTED_BUILD(0x1EC, 1),
    COMMITTED_MINOR(0x1ED, 1),
    COMMITTED_MAJOR(0x1EE, 1),
    RESERVED_AFTER_COMMITTED(0x1EF, 1),
    LAUNCH_TCB(0x1F0, 8),
    LAUNCH_MIT_VECTOR(0x1F8, 8),
    CURRENT_MIT_VECTOR(0x200, 8),
    RESERVED_BEFORE_SIGNATURE(0x208, 152),
    SIGNATURE_R(0x2A0, 72),
    SIGNATURE_S(0x2E8, 72),
    RESERVED_AFTER_SIGNATURE(0x330, 368);

    private final int offset;
    private final int length;

    ReportField(int offset, int length) {
        this.offset = offset;
        this.length = length;
    }

    public int offset() {
        return offset;
    }

    public int length() {
        return length;
    }
}
