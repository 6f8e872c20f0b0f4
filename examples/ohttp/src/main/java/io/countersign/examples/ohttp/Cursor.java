package io.countersign.examples.ohttp;

import java.util.Arrays;

/** Reads bytes from front to back. Every complaint names the offset, counted from the first byte of the whole message. */
final class Cursor {
    private final byte[] bytes;
    private final int end;
    private int position;

    Cursor(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private Cursor(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    int position() {
        return position;
    }

    boolean atEnd() {
        return position == end;
    }

    int remaining() {
        return end - position;
    }

    int u8(String what) throws MalformedException {
        return bytes[advance(1, what)] & 0xff;
    }

    int u16(String what) throws MalformedException {
        int at = advance(2, what);
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    byte[] take(int length, String what) throws MalformedException {
        int at = advance(length, what);
        return Arrays.copyOfRange(bytes, at, at + length);
    }

    byte[] rest() {
        byte[] rest = Arrays.copyOfRange(bytes, position, end);
        position = end;
        return rest;
    }

    /** The next bytes as a cursor of their own, which cannot read beyond them. */
    Cursor slice(int length, String what) throws MalformedException {
        int at = advance(length, what);
        return new Cursor(bytes, at, at + length);
    }

    void demandEnd(String what) throws MalformedException {
        if (!atEnd()) {
            throw new MalformedException(what + " ends at offset " + position + ", but " + remaining()
                    + " more bytes follow; expected nothing after it");
        }
    }

    private int advance(int length, String what) throws MalformedException {
        if (length > remaining()) {
            throw new MalformedException("Cut short: " + what + " needs " + length + " bytes at offset " + position
                    + ", and there are " + remaining());
        }
        int at = position;
        position += length;
        return at;
    }
}
