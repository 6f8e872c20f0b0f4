package io.countersign.verifier.scheme;

/**
 * One member that a type of evidence has in a request.
 *
 * @param maxLength in decoded bytes
 */
public record EvidenceMember(String name, Encoding encoding, Need need, int maxLength) {
    /** How the member stands in JSON. */
    public enum Encoding {
        /** base64url or base64, padded or not. */
        BINARY,
        /** Literal text when it begins with {@code -----BEGIN}, base64 otherwise. */
        PEM_OR_BINARY,
        /** The text itself, as UTF-8. */
        TEXT,
        /** Accepted because vendors' tools write it, and never read. */
        IGNORED
    }

    /** Whether a request may leave the member out. */
    public enum Need {
        REQUIRED,
        OPTIONAL
    }
}
