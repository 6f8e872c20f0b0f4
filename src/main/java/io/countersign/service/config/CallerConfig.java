package io.countersign.service.config;

import io.smallrye.config.WithName;
import java.util.List;
import java.util.Optional;

/**
 * One caller that may authenticate: a KMS, usually. It is known by a secret, a client certificate or an issuer's token; it
 * needs one of them, and may have several.
 */
public interface CallerConfig {
    /**
     * SHA-256 of the secret in {@code Authorization: Bearer <secret>}, 64 hex digits; the secret itself stands in no
     * configuration. A plain hash is enough only for a secret that cannot be guessed, and a hash does not show that: so
     * secrets are 32 random bytes in base64url, as
     * {@code openssl rand -base64 32 | tr '+/' '-_' | tr -d '=\n'} makes them. To change one without an outage, register a
     * second caller for the same audiences, move over to its secret, and remove the first.
     */
    Optional<String> secretSha256();

    /** SHA-256 of client certificates in DER: exactly these, of those that the trust store admits. */
    @WithName("certificate-sha256")
    Optional<List<String>> certificateSha256();

    /** SHA-256 of the public keys (SubjectPublicKeyInfo in DER) of client certificates that the trust store admits. */
    @WithName("certificate-key-sha256")
    Optional<List<String>> certificateKeySha256();

    /** Names in client certificates that the trust store admits: {@code URI:spiffe://…} or {@code DNS:…}, in full. */
    @WithName("certificate-san")
    Optional<List<String>> certificateSan();

    /** The {@code sub} of tokens of the issuer in {@code countersign.access.oidc}, in full. */
    @WithName("oidc-subject")
    Optional<String> oidcSubject();

    /**
     * Names of the audiences it speaks for: it may introspect their tokens, and bring nonces of its own where the audience has
     * {@code caller-nonce}.
     */
    Optional<List<String>> audiences();

    /** {@code attest}, {@code read-policies}, {@code operate}. As soon as one caller has roles, those without may do little. */
    Optional<List<String>> roles();
}
