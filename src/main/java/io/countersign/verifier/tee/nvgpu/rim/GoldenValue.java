package io.countersign.verifier.tee.nvgpu.rim;

import io.countersign.verifier.bytes.Bytes;
import java.util.List;

/**
 * What one measurement register must hold: one of some digests.
 *
 * @param index of the register, counted from 0; SPDM counts the same registers from 1
 * @param name for people, as NVIDIA gives it
 * @param alternatives SHA-384 digests, at least one
 */
public record GoldenValue(int index, String name, List<Bytes> alternatives) {
    public static final int DIGEST_LENGTH = 48;

    /** Registers are counted from 0 to here. */
    public static final int MAX_INDEX = 63;

    public GoldenValue {
        alternatives = List.copyOf(alternatives);
        if (index < 0 || index > MAX_INDEX) {
            throw new IllegalArgumentException("there is no register " + index);
        }
        if (alternatives.isEmpty() || alternatives.stream().anyMatch(digest -> digest.length() != DIGEST_LENGTH)) {
            throw new IllegalArgumentException("a golden value is one or more digests of 48 bytes");
        }
    }
}
