package io.countersign.service.config;

import java.util.List;

/** One caller that may authenticate with {@code Authorization: Bearer <secret>}: a KMS, usually. */
public interface CallerConfig {
    /**
     * SHA-256 of the secret, 64 hex digits; the secret itself stands in no configuration. A plain hash is enough only for a
     * secret that cannot be guessed, and a hash does not show that: so secrets are 32 random bytes in base64url, as
     * {@code openssl rand -base64 32 | tr '+/' '-_' | tr -d '=\n'} makes them. To change one without an outage, register a
     * second caller for the same audiences, move over to its secret, and remove the first.
     */
    String secretSha256();

    /**
     * Names of the audiences it speaks for: it may introspect their tokens, and bring nonces of its own where the audience has
     * {@code caller-nonce}.
     */
    List<String> audiences();
}
