package io.countersign.client;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** Immutable bytes; compared in constant time, never printed. */
public final class Bytes {
    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /** Copies the array. */
    public static Bytes of(byte[] content) {
        return new Bytes(content.clone());
    }

    public static Bytes ofHex(String hex) {
        return new Bytes(HexFormat.of().parseHex(hex));
    }

    /** Base64 or base64url, padded or not, one alphabet a value: the contract's encodings. Empty for anything else. */
    public static Optional<Bytes> ofBase64(String text) {
        boolean url = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
        try {
            return Optional.of(new Bytes((url ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(text)));
        } catch (IllegalArgumentException ignored) {
            return Optional.empty();
        }
    }

    /** Base64url without padding whose last character has no spare bits set, so that a value has one spelling (RFC 7515, 2). */
    public static Optional<Bytes> ofCanonicalBase64Url(String text) {
        return ofBase64(text).filter(bytes -> bytes.base64Url().equals(text));
    }

    public byte[] toByteArray() {
        return content.clone();
    }

    public int length() {
        return content.length;
    }

    public boolean isZero() {
        int bits = 0;
        for (byte each : content) {
            bits |= each;
        }
        return bits == 0;
    }

    public String hex() {
        return HexFormat.of().formatHex(content);
    }

    public String base64() {
        return Base64.getEncoder().encodeToString(content);
    }

    public String base64Url() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(content);
    }

    public Bytes sha256() {
        return digest("SHA-256");
    }

    public Bytes sha512() {
        return digest("SHA-512");
    }

    private Bytes digest(String algorithm) {
        try {
            return new Bytes(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && MessageDigest.isEqual(content, bytes.content);
    }

    @Override
    public int hashCode() {
        return java.util.Arrays.hashCode(content);
    }

    /** The length alone: these may be secrets. */
    @Override
    public String toString() {
        return content.length + " bytes";
    }
}
