package io.countersign.examples.ohttp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * As much binary HTTP (RFC 9292) as the story needs: messages of known length with text in them. Fields are skipped when read and not written.
 */
final class BinaryHttp {
    private static final int REQUEST = 0;
    private static final int RESPONSE = 1;
    private static final int FIRST_FINAL_STATUS = 200;
    private static final int LAST_STATUS = 599;

    private BinaryHttp() {}

    /** A request without fields. */
    record Request(String method, String scheme, String authority, String path, String content) {
        byte[] encode() {
            var out = new ByteArrayOutputStream();
            number(out, REQUEST);
            for (String part : new String[] {method, scheme, authority, path}) {
                text(out, part.getBytes(StandardCharsets.US_ASCII));
            }
            writeTail(out, content);
            return out.toByteArray();
        }

        static Request parse(byte[] message) throws MalformedException {
            var cursor = new Cursor(message);
            demandKind(cursor, REQUEST, "a request");
            return new Request(
                    ascii(cursor, "the method"),
                    ascii(cursor, "the scheme"),
                    ascii(cursor, "the authority"),
                    ascii(cursor, "the path"),
                    readTail(cursor));
        }
    }

    /** A final response without fields. */
    record Response(int status, String content) {
        byte[] encode() {
            var out = new ByteArrayOutputStream();
            number(out, RESPONSE);
            number(out, status);
            writeTail(out, content);
            return out.toByteArray();
        }

        static Response parse(byte[] message) throws MalformedException {
            var cursor = new Cursor(message);
            demandKind(cursor, RESPONSE, "a response");
            int at = cursor.position();
            int status = number(cursor, "the status");
            if (status < FIRST_FINAL_STATUS || status > LAST_STATUS) {
                throw new MalformedException("The status at offset " + at + " is " + status
                        + "; expected 200 to 599, and no interim response");
            }
            return new Response(status, readTail(cursor));
        }
    }

    private static void demandKind(Cursor cursor, int kind, String name) throws MalformedException {
        int found = number(cursor, "the kind of message");
        if (found != kind) {
            throw new MalformedException("The message at offset 0 is of kind " + found + "; expected " + kind + ", "
                    + name + " of known length");
        }
    }

    /** The rest of a message. What is empty at its end may be left out (RFC 9292 section 3.8). */
    private static String readTail(Cursor cursor) throws MalformedException {
        section(cursor, "the header section");
        byte[] content = section(cursor, "the content");
        section(cursor, "the trailer section");
        int paddingAt = cursor.position();
        for (byte padding : cursor.rest()) {
            if (padding != 0) {
                throw new MalformedException(
                        "The message is padded from offset " + paddingAt + " on, not only with zeros");
            }
        }
        return new String(content, StandardCharsets.UTF_8);
    }

    private static byte[] section(Cursor cursor, String what) throws MalformedException {
        return cursor.atEnd() ? new byte[0] : cursor.take(number(cursor, "the length of " + what), what);
    }

    private static String ascii(Cursor cursor, String what) throws MalformedException {
        int length = number(cursor, "the length of " + what);
        return new String(cursor.take(length, what), StandardCharsets.US_ASCII);
    }

    /** A variable-length integer (RFC 9000 section 16): the two highest bits say whether 1, 2, 4 or 8 bytes hold it. */
    private static int number(Cursor cursor, String what) throws MalformedException {
        int at = cursor.position();
        int first = cursor.u8(what);
        long value = first & 0x3f;
        for (byte next : cursor.take((1 << (first >>> 6)) - 1, what)) {
            value = value << Byte.SIZE | next & 0xff;
        }
        if (value > Integer.MAX_VALUE) {
            throw new MalformedException(
                    what + " at offset " + at + " is " + value + "; expected at most " + Integer.MAX_VALUE);
        }
        return (int) value;
    }

    private static void number(ByteArrayOutputStream out, int value) {
        if (value < 1 << 6) {
            out.write(value);
        } else if (value < 1 << 14) {
            out.writeBytes(
                    ByteBuffer.allocate(2).putShort((short) (value | 0x4000)).array());
        } else {
            out.writeBytes(ByteBuffer.allocate(8)
                    .putLong(value | 0xC000_0000_0000_0000L)
                    .array());
        }
    }

    private static void text(ByteArrayOutputStream out, byte[] bytes) {
        number(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void writeTail(ByteArrayOutputStream out, String content) {
        number(out, 0);
        text(out, content.getBytes(StandardCharsets.UTF_8));
        number(out, 0);
    }
}
