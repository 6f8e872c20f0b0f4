package io.countersign.verifier.token;

import io.countersign.verifier.bytes.Bytes;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What a token says beside the result itself.
 *
 * @param tokenId unique and unpredictable: 128 random bits as text
 * @param lifetime at most 300 s
 * @param confirmationKey the public JWK that the evidence commits to
 * @param resultDigest SHA-256 of the result document that the caller gets
 * @param assurance whether laboratory anchors were in force
 */
public record TokenContext(
        String issuer,
        String tokenId,
        Duration lifetime,
        Freshness freshness,
        Optional<Map<String, Object>> confirmationKey,
        Bytes resultDigest,
        Assurance assurance) {
    /** The longest a token lives. */
    public static final Duration MAX_LIFETIME = Duration.ofMinutes(5);

    public TokenContext {
        if (lifetime.isNegative() || lifetime.isZero() || lifetime.compareTo(MAX_LIFETIME) > 0) {
            throw new IllegalArgumentException("a token lives from 1 to 300 seconds, not " + lifetime);
        }
    }

    /** Whose nonce made the evidence fresh. */
    public enum Freshness {
        CHALLENGE("challenge"),
        CALLER("caller");

        private final String word;

        Freshness(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /** Whether a token means anything outside a laboratory. */
    public enum Assurance {
        PRODUCTION,
        INSECURE
    }
}
