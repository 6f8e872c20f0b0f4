package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What NVIDIA's firmware measures to, by RIM index: which indexes a RIM has, and the values, derived from its id. */
public final class NvidiaGolden {
    /** How many registers a GPU reports, and how many records every RIM has. */
    public static final int REGISTERS = 64;

    static final Bytes UNUSED = Bytes.zeros(48);

    private static final Set<Integer> UNUSED_IN_VBIOS = Set.of(0, 8, 10);
    private static final Set<Integer> UNUSED_IN_DRIVERS = Set.of(28);
    private static final Set<Integer> UNUSED_IN_SWITCHES = Set.of(7, 9, 12, 13, 15, 16, 17, 27, 28, 29, 30);

    private NvidiaGolden() {}

    /** 48 bytes that stand for something the laboratory's devices measured. */
    public static Bytes measured(String what) {
        return Bytes.utf8("countersign laboratory " + what).sha384();
    }

    /** The value of a register that no RIM knows. */
    static Bytes unreferenced(int index) {
        return measured("register " + index);
    }

    /** Indexes 7 and 21 to 40, with up to four alternatives each. */
    static Map<Integer, List<Bytes>> driver(String id) {
        var golden = new TreeMap<Integer, List<Bytes>>();
        golden.put(7, values(id, 7, 1));
        for (int i = 21; i <= 40; i++) {
            int alternatives =
                    switch (i) {
                        case 32, 33, 34 -> 2;
                        case 36 -> 3;
                        case 35 -> 4;
                        default -> 1;
                    };
            golden.put(i, UNUSED_IN_DRIVERS.contains(i) ? List.of(UNUSED) : values(id, i, alternatives));
        }
        // Used or not, both is well.
        golden.put(23, List.of(values(id, 23, 1).getFirst(), UNUSED));
        golden.put(24, List.of(values(id, 24, 1).getFirst(), UNUSED));
        return golden;
    }

    /** Indexes 0 to 6 and 8 to 12. */
    static Map<Integer, List<Bytes>> vbios(String id) {
        var golden = new TreeMap<Integer, List<Bytes>>();
        for (int i = 0; i <= 12; i++) {
            if (i != 7) {
                golden.put(i, UNUSED_IN_VBIOS.contains(i) ? List.of(UNUSED) : values(id, i, 1));
            }
        }
        var twelve = values(id, 12, 3);
        golden.put(12, List.of(UNUSED, twelve.get(0), twelve.get(1), twelve.get(2)));
        return golden;
    }

    /** Indexes 0 to 30. */
    static Map<Integer, List<Bytes>> switchBios(String id) {
        var golden = new TreeMap<Integer, List<Bytes>>();
        for (int i = 0; i <= 30; i++) {
            golden.put(i, UNUSED_IN_SWITCHES.contains(i) ? List.of(UNUSED) : values(id, i, 1));
        }
        return golden;
    }

    private static List<Bytes> values(String id, int index, int alternatives) {
        return java.util.stream.IntStream.range(0, alternatives)
                .mapToObj(i -> measured("golden value %d of %s, index %d".formatted(i, id, index)))
                .toList();
    }
}
