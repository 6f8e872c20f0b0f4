package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Integers as AMD's structures hold them. */
final class LittleEndian {
    private LittleEndian() {}

    static Bytes u32(int value) {
        return Bytes.copyOf(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    static Bytes u64(long value) {
        return Bytes.copyOf(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
    }
}
