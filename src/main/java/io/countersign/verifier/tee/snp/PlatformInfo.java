package io.countersign.verifier.tee.snp;

/**
 * PLATFORM_INFO: how the host is configured. AMD 56860, "PLATFORM_INFO Field". Firmware gains bits without a new report
 * version (bit 6 on Turin), so a bit we do not know is a claim for policies, not a defect of the report.
 */
public record PlatformInfo(long raw) {
    private static final long KNOWN = 0xFF;

    public boolean smtEn() {
        return bit(0);
    }

    public boolean tsmeEn() {
        return bit(1);
    }

    public boolean eccEn() {
        return bit(2);
    }

    public boolean raplDis() {
        return bit(3);
    }

    public boolean ciphertextHidingDramEn() {
        return bit(4);
    }

    public boolean aliasCheckComplete() {
        return bit(5);
    }

    public boolean iommuWriteSafe() {
        return bit(6);
    }

    public boolean tioEn() {
        return bit(7);
    }

    /** The set bits that have no name here. */
    public long unknownBits() {
        return raw & ~KNOWN;
    }

    private boolean bit(int index) {
        return (raw >>> index & 1) == 1;
    }
}
