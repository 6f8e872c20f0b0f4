package io.countersign.verifier.trust;

import io.countersign.verifier.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a constructed value into its parts without decoding them. For bytes that were found to be canonical DER: what is cut is
 * then exactly what encoding the part anew would give, and costs nothing.
 */
final class DerTree {
    private DerTree() {}

    /** The parts of a SEQUENCE or SET, each with its tag and length. X.690, sections 8.1 and 10.1. */
    static List<Bytes> parts(Bytes constructed) {
        var parts = new ArrayList<Bytes>();
        int at = header(constructed, 0);
        while (at < constructed.length()) {
            int end = at + header(constructed, at) + contentLength(constructed, at);
            parts.add(constructed.slice(at, end));
            at = end;
        }
        return parts;
    }

    /** How many bytes tag and length take. */
    private static int header(Bytes der, int at) {
        int first = der.u8(at + 1);
        return first < 0x80 ? 2 : 2 + (first & 0x7F);
    }

    private static int contentLength(Bytes der, int at) {
        int first = der.u8(at + 1);
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7F); i++) {
            length = Math.addExact(Math.multiplyExact(length, 256), der.u8(at + 2 + i));
        }
        return length;
    }
}
