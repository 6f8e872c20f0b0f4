package io.countersign.verifier.tee.tdx.quote;

import io.countersign.verifier.bytes.Bytes;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** Flags in a run of bytes, least significant byte first. */
final class Bits {
    private Bits() {}

    static boolean isSet(Bytes flags, int bit) {
        return (flags.u8(bit / 8) >>> bit % 8 & 1) == 1;
    }

    static List<String> named(Bytes flags, Map<Integer, String> names) {
        return set(flags)
                .filter(names::containsKey)
                .mapToObj(bit -> Objects.requireNonNull(names.get(bit)))
                .toList();
    }

    static List<String> unnamed(Bytes flags, Map<Integer, String> names) {
        return set(flags)
                .filter(bit -> !names.containsKey(bit))
                .mapToObj(bit -> "bit " + bit)
                .toList();
    }

    private static IntStream set(Bytes flags) {
        return IntStream.range(0, flags.length() * 8).filter(bit -> isSet(flags, bit));
    }
}
