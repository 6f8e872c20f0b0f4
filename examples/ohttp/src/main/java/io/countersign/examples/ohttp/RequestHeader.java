package io.countersign.examples.ohttp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What an encapsulated request begins with (RFC 9458 section 4.3).
 *
 * <pre>
 * key_id u8 | kem_id u16 | kdf_id u16 | aead_id u16
 * </pre>
 */
record RequestHeader(int keyId, int kemId, KeyConfig.Suite suite) {
    private static final int LENGTH = 7;
    private static final byte[] LABEL = "message/bhttp request".getBytes(StandardCharsets.US_ASCII);

    static RequestHeader read(Cursor cursor) throws MalformedException {
        return new RequestHeader(
                cursor.u8("the key id"),
                cursor.u16("the KEM id"),
                new KeyConfig.Suite(cursor.u16("the KDF id"), cursor.u16("the AEAD id")));
    }

    byte[] encode() {
        return ByteBuffer.allocate(LENGTH)
                .put((byte) keyId)
                .putShort((short) kemId)
                .putShort((short) suite.kdf())
                .putShort((short) suite.aead())
                .array();
    }

    /** What HPKE binds the request to: the label, a zero byte, and this header. */
    byte[] info() {
        return ByteBuffer.allocate(LABEL.length + 1 + LENGTH)
                .put(LABEL)
                .put((byte) 0)
                .put(encode())
                .array();
    }
}
