package io.countersign.service.store;

import io.countersign.verifier.bytes.Bytes;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * A token's {@code jti}: 128 random bits, then the epoch it was made under, so that a token whose consumption may have been
 * forgotten can be told from one that was never consumed.
 *
 * @param random 16 bytes
 */
public record TokenId(Bytes random, Epoch madeUnder) {
    private static final int RANDOM_LENGTH = 16;

    public static TokenId fresh(SecureRandom source, Epoch epoch) {
        byte[] random = new byte[RANDOM_LENGTH];
        source.nextBytes(random);
        return new TokenId(Bytes.copyOf(random), epoch);
    }

    /** Reads the text of a {@code jti} made here. */
    public static Optional<TokenId> read(String text) {
        try {
            Bytes bytes = Bytes.copyOf(Base64.getUrlDecoder().decode(text));
            return bytes.length() == RANDOM_LENGTH + Epoch.LENGTH
                    ? Optional.of(new TokenId(
                            bytes.slice(0, RANDOM_LENGTH),
                            new Epoch(bytes.slice(RANDOM_LENGTH, RANDOM_LENGTH + Epoch.LENGTH))))
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    public Bytes bytes() {
        return Bytes.concat(random, madeUnder.tag());
    }

    public String text() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes().toByteArray());
    }
}
