package io.countersign.verifier.bytes;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** An immutable run of bytes with value equality in constant time; {@code toString} is lowercase hex. */
public final class Bytes {
    private static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);
    private static final HexFormat HEX = HexFormat.of();

    private final byte[] array;
    private final int from;
    private final int length;

    /** Computed at the first call of {@link #sha256}: endorsements are looked up by it for every request. */
    private @Nullable Bytes sha256;

    private Bytes(byte[] array, int from, int length) {
        this.array = array;
        this.from = from;
        this.length = length;
    }

    public static Bytes empty() {
        return EMPTY;
    }

    /** Copies the array, so that later writes to it do not show here. */
    public static Bytes copyOf(byte... array) {
        return new Bytes(array.clone(), 0, array.length);
    }

    /** Takes 2 hex digits a byte, either case; anything else is an {@link IllegalArgumentException}. */
    public static Bytes fromHex(String hex) {
        byte[] array = HEX.parseHex(hex);
        return new Bytes(array, 0, array.length);
    }

    public static Bytes utf8(String text) {
        byte[] array = text.getBytes(StandardCharsets.UTF_8);
        return new Bytes(array, 0, array.length);
    }

    public static Bytes zeros(int length) {
        return new Bytes(new byte[length], 0, length);
    }

    public static Bytes concat(Bytes... parts) {
        int total = 0;
        for (Bytes part : parts) {
            total += part.length;
        }
        byte[] joined = new byte[total];
        int at = 0;
        for (Bytes part : parts) {
            System.arraycopy(part.array, part.from, joined, at, part.length);
            at += part.length;
        }
        return new Bytes(joined, 0, total);
    }

    public int length() {
        return length;
    }

    /** The byte at an index as 0..255. */
    public int u8(int index) {
        return array[from + java.util.Objects.checkIndex(index, length)] & 0xFF;
    }

    /** The bytes from {@code start} (inclusive) to {@code end} (exclusive), sharing the same memory. */
    public Bytes slice(int start, int end) {
        java.util.Objects.checkFromToIndex(start, end, length);
        return new Bytes(array, from + start, end - start);
    }

    public Bytes reversed() {
        byte[] turned = new byte[length];
        for (int i = 0; i < length; i++) {
            turned[i] = array[from + length - 1 - i];
        }
        return new Bytes(turned, 0, length);
    }

    /** This run with zeros appended up to {@code total} bytes; longer runs are an {@link IllegalArgumentException}. */
    public Bytes zeroPaddedTo(int total) {
        if (length > total) {
            throw new IllegalArgumentException(length + " bytes do not fit into " + total);
        }
        byte[] padded = new byte[total];
        System.arraycopy(array, from, padded, 0, length);
        return new Bytes(padded, 0, total);
    }

    public boolean isAllZero() {
        int seen = 0;
        for (int i = 0; i < length; i++) {
            seen |= array[from + i];
        }
        return seen == 0;
    }

    public boolean startsWith(Bytes prefix) {
        return prefix.length <= length && slice(0, prefix.length).equals(prefix);
    }

    public byte[] toByteArray() {
        return Arrays.copyOfRange(array, from, from + length);
    }

    /** The text these bytes hold as UTF-8, malformed sequences replaced. */
    public String toUtf8() {
        return new String(array, from, length, StandardCharsets.UTF_8);
    }

    public Bytes sha256() {
        // Two threads may both compute it: they find the same value, and it is immutable.
        Bytes known = sha256;
        if (known == null) {
            known = digest("SHA-256");
            sha256 = known;
        }
        return known;
    }

    public Bytes sha384() {
        return digest("SHA-384");
    }

    public Bytes sha512() {
        return digest("SHA-512");
    }

    private Bytes digest(String algorithm) {
        try {
            var digest = MessageDigest.getInstance(algorithm);
            digest.update(array, from, length);
            byte[] value = digest.digest();
            return new Bytes(value, 0, value.length);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Bytes that) || that.length != length) {
            return false;
        }
        int difference = 0;
        for (int i = 0; i < length; i++) {
            difference |= array[from + i] ^ that.array[that.from + i];
        }
        return difference == 0;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + array[from + i];
        }
        return hash;
    }

    @Override
    public String toString() {
        return HEX.formatHex(array, from, from + length);
    }
}
