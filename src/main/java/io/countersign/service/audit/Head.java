package io.countersign.service.audit;

/**
 * How far a chain goes: whoever keeps this outside can tell later whether anything up to there was changed or cut off.
 *
 * @param seq the number of the last line; 0 before the first
 * @param hash its hash in hex
 */
public record Head(long seq, String hash) {
    /** Before the first line. */
    public static final Head NONE = new Head(0, "0".repeat(64));
}
