package io.countersign.service.store;

import io.countersign.verifier.bytes.Bytes;

/**
 * One unbroken memory of the store. Whatever may have made it forget (a restart, a flush, a failover, another store) begins
 * a new one, and what was made under an earlier one is void.
 *
 * @param tag 8 bytes, unlike those of every other epoch
 */
public record Epoch(Bytes tag) {
    /** Bytes of a tag. */
    public static final int LENGTH = 8;

    public Epoch {
        if (tag.length() != LENGTH) {
            throw new IllegalArgumentException(
                    "the tag of an epoch has %d bytes, not %d".formatted(LENGTH, tag.length()));
        }
    }
}
