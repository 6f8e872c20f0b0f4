package io.countersign.client.token;

import io.countersign.client.Bytes;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A token that was accepted. Nothing else makes one, so whatever takes it knows that verification came first.
 */
public final class VerifiedToken {
    private final String compact;
    private final String keyId;
    private final Map<String, Object> claims;

    VerifiedToken(String compact, String keyId, Map<String, Object> claims) {
        this.compact = compact;
        this.keyId = keyId;
        this.claims = claims;
    }

    /** The token itself. */
    public String compact() {
        return compact;
    }

    /** The service's key that signed it. */
    public String keyId() {
        return keyId;
    }

    /** What a replay guard remembers until {@link #expiresAt()}. */
    public String id() {
        return text("jti");
    }

    public Instant issuedAt() {
        return Instant.ofEpochSecond(number("iat"));
    }

    public Instant expiresAt() {
        return Instant.ofEpochSecond(number("exp"));
    }

    /** {@code affirming}, or {@code warning} where that was allowed. */
    public String status() {
        return text("ear_status");
    }

    public String policyId() {
        return text("countersign_policy_id");
    }

    public String policyVersion() {
        return text("countersign_policy_version");
    }

    public String policyDigest() {
        return text("countersign_policy_digest");
    }

    public String tee() {
        return text("countersign_tee");
    }

    public String measurement() {
        return text("countersign_measurement");
    }

    public long gpuCount() {
        return number("countersign_gpu_count");
    }

    public Bytes nonce() {
        return Bytes.ofBase64(text("eat_nonce")).orElseThrow();
    }

    /** The attested public key as a JWK; empty when none is bound. */
    public Optional<Map<String, Object>> confirmationKey() {
        return claims.get("cnf") instanceof Map<?, ?> cnf && cnf.get("jwk") instanceof Map<?, ?> jwk
                ? Optional.of(members(jwk))
                : Optional.empty();
    }

    /** Every claim, unmodifiable. */
    public Map<String, Object> claims() {
        return claims;
    }

    private static Map<String, Object> members(Map<?, ?> map) {
        var members = new java.util.LinkedHashMap<String, Object>();
        map.forEach((name, value) -> {
            if (value != null) {
                members.put(String.valueOf(name), value);
            }
        });
        return java.util.Collections.unmodifiableMap(members);
    }

    private String text(String claim) {
        if (claims.get(claim) instanceof String text) {
            return text;
        }
        throw new IllegalStateException("verification demands " + claim);
    }

    private long number(String claim) {
        if (claims.get(claim) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalStateException("verification demands " + claim);
    }

    /** For logs: without the token, which whoever holds it may use. */
    @Override
    public String toString() {
        return "VerifiedToken[jti " + id() + ", policy " + policyId() + " " + policyDigest() + "]";
    }
}
