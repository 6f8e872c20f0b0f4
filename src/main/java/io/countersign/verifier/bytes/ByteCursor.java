package io.countersign.verifier.bytes;

import java.nio.ByteOrder;

/**
 * Reads one structure front to back. {@link #at} states the specification's offset and fails as our own bug when an
 * earlier field was mis-sized; everything the sender can get wrong is a {@link MalformedEvidenceException}.
 */
public final class ByteCursor {
    private final String structure;
    private final Bytes bytes;
    private final ByteOrder order;
    private int position;

    private ByteCursor(String structure, Bytes bytes, ByteOrder order) {
        this.structure = structure;
        this.bytes = bytes;
        this.order = order;
    }

    /** How a structure is read from a cursor that sees nothing else. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(ByteCursor in) throws MalformedEvidenceException;
    }

    /** The only way in: the reader must consume every byte. */
    public static <T> T readExactly(String structure, Bytes bytes, ByteOrder order, Reader<T> reader)
            throws MalformedEvidenceException {
        var in = new ByteCursor(structure, bytes, order);
        T value = reader.read(in);
        if (in.remaining() > 0) {
            throw in.malformed(in.remaining() + " bytes follow the last field");
        }
        return value;
    }

    /** States where the next field begins according to the specification. */
    public ByteCursor at(int offset) {
        if (offset != position) {
            throw new IllegalStateException(
                    "%s: the next field is at 0x%03x, not 0x%03x".formatted(structure, position, offset));
        }
        return this;
    }

    public int position() {
        return position;
    }

    public int remaining() {
        return bytes.length() - position;
    }

    public int u8() throws MalformedEvidenceException {
        return (int) unsigned(1);
    }

    public int u16() throws MalformedEvidenceException {
        return (int) unsigned(2);
    }

    public long u32() throws MalformedEvidenceException {
        return unsigned(4);
    }

    /** All 64 bits; compare with {@link Long#compareUnsigned}. */
    public long u64() throws MalformedEvidenceException {
        return unsigned(8);
    }

    public Bytes bytes(int length) throws MalformedEvidenceException {
        if (length > remaining()) {
            throw malformed("needs %d more bytes, %d remain".formatted(length, remaining()));
        }
        Bytes slice = bytes.slice(position, position + length);
        position += length;
        return slice;
    }

    /** A refusal that points at the current position. */
    public MalformedEvidenceException malformed(String why) {
        return new MalformedEvidenceException(structure, position, why);
    }

    private long unsigned(int width) throws MalformedEvidenceException {
        Bytes field = bytes(width);
        long value = 0;
        for (int i = 0; i < width; i++) {
            int index = order == ByteOrder.LITTLE_ENDIAN ? width - 1 - i : i;
            value = value << 8 | field.u8(index);
        }
        return value;
    }
}
