package io.countersign.imports.corim;

import io.countersign.imports.ImportException;
import io.countersign.verifier.bytes.Bytes;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;

/** A digest and the name of its hash in the named information registry (RFC 6920, section 9.4), by number or by text. */
record Digest(Node place, String hash, Bytes value) {
    private static final String SHA_256 = "sha-256";
    private static final String SHA_384 = "sha-384";

    static Digest of(Node node) throws ImportException {
        List<Node> parts = node.elements();
        if (parts.size() != 2) {
            throw node.refused("a digest is an algorithm and its value; this has %d parts".formatted(parts.size()));
        }
        var digest = new Digest(node, hash(parts.get(0)), parts.get(1).octets());
        int length = digest.value.length();
        int expected =
                switch (digest.hash) {
                    case SHA_256 -> 32;
                    case SHA_384 -> 48;
                    default -> length;
                };
        if (length != expected) {
            throw node.refused(
                    "a %s has %d bytes; this has %d".formatted(digest.hash.toUpperCase(Locale.ROOT), expected, length));
        }
        return digest;
    }

    private static String hash(Node algorithm) throws ImportException {
        return switch (algorithm.item()) {
            case Item.Whole(BigInteger value) when value.equals(BigInteger.ONE) -> SHA_256;
            case Item.Whole(BigInteger value) when value.equals(BigInteger.valueOf(7)) -> SHA_384;
            case Item.Whole(BigInteger value) -> "hash " + value;
            case Item.Text(String name) -> io.countersign.imports.Printable.line(name.toLowerCase(Locale.ROOT), 40);
            default -> throw algorithm.refused("an algorithm is a number or a name");
        };
    }

    /** Whether it can be a value of this length: the hash that makes so many bytes. */
    boolean fits(int length) {
        return length == 48 && hash.equals(SHA_384) || length == 32 && hash.equals(SHA_256);
    }
}
