package io.countersign.verifier.tee.tdx.quote;

import io.countersign.verifier.bytes.Bytes;
import java.util.List;
import java.util.Map;

/**
 * TDATTRIBUTES: 64 flags, least significant byte first. Intel TDX Module ABI Specification (348551), "ATTRIBUTES (Defined
 * Attributes Bitmap)". Bits that it does not define are shown and left to policy, because the table grows.
 */
public record TdAttributes(Bytes raw) {
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(0, "DEBUG"),
            Map.entry(4, "HGS_PLUS_PROF"),
            Map.entry(5, "PERF_PROF"),
            Map.entry(6, "PMT_PROF"),
            Map.entry(16, "ICSSD"),
            Map.entry(27, "LASS"),
            Map.entry(28, "SEPT_VE_DISABLE"),
            Map.entry(29, "MIGRATABLE"),
            Map.entry(30, "PKS"),
            Map.entry(31, "KL"),
            Map.entry(62, "TPA"),
            Map.entry(63, "PERFMON"));

    /** The host may read and change the TD's memory and registers. */
    public boolean debug() {
        return Bits.isSet(raw, 0);
    }

    /** A migration TD may move the TD to another machine. */
    public boolean migratable() {
        return Bits.isSet(raw, 29);
    }

    /** The names of the bits that are set and defined, in order. */
    public List<String> names() {
        return Bits.named(raw, NAMES);
    }

    /** The bits that are set and not defined, as "bit 17", in order. */
    public List<String> unknown() {
        return Bits.unnamed(raw, NAMES);
    }
}
