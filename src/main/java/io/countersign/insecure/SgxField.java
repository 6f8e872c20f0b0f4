package io.countersign.insecure;

/** Every field of an SGX report body. Intel SDM volume 3D, REPORT structure; Intel SGX ECDSA Quote Library API, A.3.3. */
public enum SgxField {
    CPUSVN(0, 16),
    MISCSELECT(16, 4),
    RESERVED_AFTER_MISCSELECT(20, 12),
    ISVEXTPRODID(32, 16),
    ATTRIBUTES(48, 16),
    MRENCLAVE(64, 32),
    RESERVED_AFTER_MRENCLAVE(96, 32),
    MRSIGNER(128, 32),
    RESERVED_AFTER_MRSIGNER(160, 32),
    CONFIGID(192, 64),
    ISVPRODID(256, 2),
    ISVSVN(258, 2),
    CONFIGSVN(260, 2),
    RESERVED_AFTER_CONFIGSVN(262, 42),
    ISVFAMILYID(304, 16),
    REPORTDATA(320, 64);

    private final int offset;
    private final int length;

    SgxField(int offset, int length) {
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
