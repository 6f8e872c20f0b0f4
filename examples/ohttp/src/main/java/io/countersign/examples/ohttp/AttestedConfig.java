package io.countersign.examples.ohttp;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A key configuration whose public key is the attested one. There is no other way to make it than the comparison, and nothing is
 * encrypted without it.
 */
public final class AttestedConfig {
    private final KeyConfig config;
    private final Aead aead;
    private final Instant expires;

    private AttestedConfig(KeyConfig config, Aead aead, Instant expires) {
        this.config = config;
        this.aead = aead;
        this.expires = expires;
    }

    /** Takes from the served configurations the one of the attested key. The others, of a rotation, are never encrypted to. */
    static AttestedConfig choose(List<KeyConfig> served, TokenVerifier.Attested attested) throws RefusedException {
        String curve = curve(attested.key());
        List<KeyConfig> fitting = served.stream()
                .filter(config -> config.kem().curve().equals(curve))
                .toList();
        if (fitting.isEmpty()) {
            throw new RefusedException("The token attests a key of " + curve + ", and the gateway serves keys of "
                    + served.stream().map(config -> config.kem().curve()).collect(Collectors.joining(", "))
                    + "; expected the KEM of the attested key");
        }
        String thumbprint = thumbprint(attested.key());
        for (KeyConfig config : fitting) {
            if (thumbprint(config.jwk()).equals(thumbprint)) {
                Aead aead = config.preferredAead()
                        .orElseThrow(() -> new RefusedException("The gateway offers for the attested key only "
                                + config.suites() + "; expected HKDF-SHA256 with AES-GCM or ChaCha20-Poly1305"));
                return new AttestedConfig(config, aead, attested.expires());
            }
        }
        throw new RefusedException("The token attests the key " + thumbprint + ", and the gateway serves "
                + fitting.stream().map(config -> thumbprint(config.jwk())).collect(Collectors.joining(", "))
                + "; somebody put in a key of their own, or the gateway has not attested its new key yet");
    }

    /** When the token ends, and with it what the client knows of the gateway. */
    public Instant expires() {
        return expires;
    }

    public KeyConfig config() {
        return config;
    }

    SealedRequest seal(byte[] request) {
        return SealedRequest.seal(config, aead, request);
    }

    private static String curve(JWK key) {
        return switch (key) {
            case ECKey ec -> ec.getCurve().getName();
            case OctetKeyPair okp -> okp.getCurve().getName();
            default -> key.getKeyType().getValue();
        };
    }

    /** RFC 7638, over the public members alone. */
    private static String thumbprint(JWK key) {
        try {
            return key.computeThumbprint().toString();
        } catch (JOSEException e) {
            throw new IllegalStateException("This Java has no SHA-256", e);
        }
    }
}
