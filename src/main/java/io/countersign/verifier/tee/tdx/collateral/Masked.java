package io.countersign.verifier.tee.tdx.collateral;

import io.countersign.verifier.bytes.Bytes;
import java.util.Optional;

/** A value that a field must have where the mask has ones, byte by byte in the order of both documents. */
record Masked(Bytes value, Bytes mask) {
    Masked {
        if (value.length() != mask.length()) {
            throw new IllegalArgumentException("a mask is as long as its value");
        }
    }

    /** The mismatch of a field with this value, empty when it matches. */
    Optional<Mismatch> against(String field, Bytes actual) {
        requireLength(field, actual, value.length());
        for (int i = 0; i < value.length(); i++) {
            if ((actual.u8(i) & mask.u8(i)) != value.u8(i)) {
                return Optional.of(new Mismatch(field, value + " under mask " + mask, actual.toString()));
            }
        }
        return Optional.empty();
    }

    /** Fields come from structures of fixed size, so that another length is our own mistake. */
    static void requireLength(String field, Bytes bytes, int length) {
        if (bytes.length() != length) {
            throw new IllegalArgumentException("%s has %d bytes, not %d".formatted(field, length, bytes.length()));
        }
    }
}
