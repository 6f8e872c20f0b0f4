package io.countersign.insecure;

/** Every field of a TD report body, the last two in version 1.5 only. Intel TDX DCAP Quoting Library API, A.3.2 and A.3.3. */
public enum TdField {
    TEE_TCB_SVN(0, 16),
    MRSEAM(16, 48),
    MRSIGNERSEAM(64, 48),
    SEAMATTRIBUTES(112, 8),
    TDATTRIBUTES(120, 8),
    XFAM(128, 8),
    MRTD(136, 48),
    MRCONFIGID(184, 48),
    MROWNER(232, 48),
    MROWNERCONFIG(280, 48),
    RTMR0(328, 48),
    RTMR1(376, 48),
    RTMR2(424, 48),
    RTMR3(472, 48),
    REPORTDATA(520, 64),
    TEE_TCB_SVN_2(584, 16),
    MRSERVICETD(600, 48);

    private final int offset;
    private final int length;

    TdField(int offset, int length) {
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
