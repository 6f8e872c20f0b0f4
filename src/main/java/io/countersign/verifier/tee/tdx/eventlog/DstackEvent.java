package io.countersign.verifier.tee.tdx.eventlog;

import io.countersign.verifier.bytes.Bytes;

/** How dstack measures its own events into RTMR3. */
final class DstackEvent {
    private static final Bytes COLON = Bytes.utf8(":");

    private DstackEvent() {}

    /**
     * What the digest is of: the type as four bytes, little-endian, the name and the payload, with colons between. Where a name
     * holds a colon, another name and payload have the same digest.
     */
    static Bytes preimage(long type, String name, Bytes payload) {
        return Bytes.concat(littleEndian(type), COLON, Bytes.utf8(name), COLON, payload);
    }

    private static Bytes littleEndian(long value) {
        return Bytes.copyOf((byte) value, (byte) (value >>> 8), (byte) (value >>> 16), (byte) (value >>> 24));
    }
}
