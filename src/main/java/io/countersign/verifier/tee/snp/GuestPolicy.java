package io.countersign.verifier.tee.snp;

/** POLICY: what the guest's owner demands of and allows to the host. AMD 56860, section 4.3, "Guest Policy". */
public record GuestPolicy(long raw) {
    /** Bits 63:26. */
    private static final long RESERVED = -1L << 26;

    public int abiMinor() {
        return (int) (raw & 0xFF);
    }

    public int abiMajor() {
        return (int) (raw >>> 8 & 0xFF);
    }

    public boolean smt() {
        return bit(16);
    }

    /** Bit 17, which firmware demands to be 1. */
    public boolean reservedOne() {
        return bit(17);
    }

    public boolean migrateMa() {
        return bit(18);
    }

    public boolean debug() {
        return bit(19);
    }

    public boolean singleSocket() {
        return bit(20);
    }

    public boolean cxlAllow() {
        return bit(21);
    }

    public boolean memAes256Xts() {
        return bit(22);
    }

    public boolean raplDis() {
        return bit(23);
    }

    public boolean ciphertextHiding() {
        return bit(24);
    }

    public boolean pageSwapDisable() {
        return bit(25);
    }

    /** The reserved bits that are set. */
    public long reservedBits() {
        return raw & RESERVED;
    }

    private boolean bit(int index) {
        return (raw >>> index & 1) == 1;
    }
}
