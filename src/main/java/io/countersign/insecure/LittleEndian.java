package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Integers as the structures of AMD and Intel hold them. */
final class LittleEndian {
    private LittleEndian() {}

    static Bytes u16(int value) {
        return u64(value).slice(0, 2);
    }

    /** The low 32 bits. */
    static Bytes u32(long value) {
        return u64(value).slice(0, 4);
    }

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
