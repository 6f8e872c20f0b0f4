package io.countersign.verifier.tee.snp;

import java.util.Optional;

/** The word at 0x48 that says which key signed the report. AMD 56860, Table 23, "ATTESTATION_REPORT Structure". */
public record KeyInfo(long raw) {
    static final int VCEK = 0;
    static final int VLEK = 1;

    public boolean authorKeyEn() {
        return (raw & 1) == 1;
    }

    /** Firmware wrote zeros in place of a signature. */
    public boolean maskChipKey() {
        return (raw >>> 1 & 1) == 1;
    }

    /** Bits 4:2: 0 is VCEK, 1 is VLEK, 7 is none, the others are reserved. */
    public int signingKey() {
        return (int) (raw >>> 2 & 7);
    }

    /** The kind of key that signed; empty when no key did or the value is reserved. */
    public Optional<VekKind> vekKind() {
        return switch (signingKey()) {
            case VCEK -> Optional.of(VekKind.VCEK);
            case VLEK -> Optional.of(VekKind.VLEK);
            default -> Optional.empty();
        };
    }

    /** Bits 31:5, which are zero. */
    public long reservedBits() {
        return raw >>> 5;
    }
}
