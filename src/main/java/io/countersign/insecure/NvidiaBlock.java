package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;

/**
 * One measurement block. DMTF DSP0274, version 1.1, tables 42 to 44.
 *
 * @param index SPDM's, one more than a RIM's
 * @param specification 1 = DMTF
 * @param size of what follows it, as the block says
 * @param type 1 = digest of mutable firmware
 * @param valueSize as the block says
 */
public record NvidiaBlock(int index, int specification, int size, int type, int valueSize, Bytes value) {
    /** A block as every device makes them. */
    static NvidiaBlock of(int rimIndex, Bytes value) {
        return new NvidiaBlock(rimIndex + 1, 1, 3 + value.length(), 1, value.length(), value);
    }

    public NvidiaBlock withIndex(int other) {
        return new NvidiaBlock(other, specification, size, type, valueSize, value);
    }

    public NvidiaBlock withSpecification(int other) {
        return new NvidiaBlock(index, other, size, type, valueSize, value);
    }

    public NvidiaBlock withType(int other) {
        return new NvidiaBlock(index, specification, size, other, valueSize, value);
    }

    /** What both sizes say; the value stays. */
    public NvidiaBlock withSizes(int otherSize, int otherValueSize) {
        return new NvidiaBlock(index, specification, otherSize, type, otherValueSize, value);
    }

    /** Another value, and sizes that fit it. */
    public NvidiaBlock withValue(Bytes other) {
        return new NvidiaBlock(index, specification, 3 + other.length(), type, other.length(), other);
    }

    Bytes encoded() {
        return Bytes.concat(
                Bytes.copyOf((byte) index, (byte) specification),
                LittleEndian.u16(size),
                Bytes.copyOf((byte) type),
                LittleEndian.u16(valueSize),
                value);
    }
}
