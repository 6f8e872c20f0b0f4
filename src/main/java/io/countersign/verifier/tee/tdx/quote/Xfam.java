package io.countersign.verifier.tee.tdx.quote;

import io.countersign.verifier.bytes.Bytes;
import java.util.List;
import java.util.Map;

/**
 * XFAM: the processor's extended features that the TD may use, in the shape of XCR0 and IA32_XSS, least significant byte
 * first. Intel TDX Module Base Architecture Specification (348549), "Extended Features Available Mask".
 */
public record Xfam(Bytes raw) {
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(0, "X87"),
            Map.entry(1, "SSE"),
            Map.entry(2, "AVX"),
            Map.entry(5, "AVX512_OPMASK"),
            Map.entry(6, "AVX512_ZMM_HI256"),
            Map.entry(7, "AVX512_HI16_ZMM"),
            Map.entry(8, "PT"),
            Map.entry(9, "PKRU"),
            Map.entry(11, "CET_USER"),
            Map.entry(12, "CET_SUPERVISOR"),
            Map.entry(14, "UINTR"),
            Map.entry(15, "LBR"),
            Map.entry(17, "AMX_TILE_CONFIG"),
            Map.entry(18, "AMX_TILE_DATA"));

    /** The names of the features that are set and defined, in order. */
    public List<String> names() {
        return Bits.named(raw, NAMES);
    }

    /** The bits that are set and not defined, as "bit 20", in order. */
    public List<String> unknown() {
        return Bits.unnamed(raw, NAMES);
    }
}
