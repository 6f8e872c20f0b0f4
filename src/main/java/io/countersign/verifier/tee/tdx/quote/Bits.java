package io.countersign.verifier.tee.tdx.quote;

import io.countersign.verifier.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Flags in a run of bytes, least significant byte first. */
final class Bits {
    private Bits() {}

    static boolean isSet(Bytes flags, int bit) {
        return (flags.u8(bit / 8) >>> bit % 8 & 1) == 1;
    }

    static List<String> named(Bytes flags, Map<Integer, String> names) {
        var found = new ArrayList<String>();
        for (int bit = 0; bit < flags.length() * 8; bit++) {
            String name = isSet(flags, bit) ? names.get(bit) : null;
            if (name != null) {
                found.add(name);
            }
        }
        return found;
    }

    static List<String> unnamed(Bytes flags, Map<Integer, String> names) {
        var found = new ArrayList<String>();
        for (int bit = 0; bit < flags.length() * 8; bit++) {
            if (isSet(flags, bit) && !names.containsKey(bit)) {
                found.add("bit " + bit);
            }
        }
        return found;
    }
}
