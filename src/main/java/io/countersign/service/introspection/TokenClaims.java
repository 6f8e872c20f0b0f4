package io.countersign.service.introspection;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The claims of a token that introspection looks at.
 *
 * @param shown those that the answer repeats: RFC 7662, section 2.2, and which policy it was
 */
record TokenClaims(
        String audience,
        Instant notBefore,
        Instant expiry,
        String tokenId,
        String policy,
        String policyDigest,
        Map<String, Object> shown) {
    private static final List<String> SHOWN = List.of(
            "iss",
            "sub",
            "aud",
            "exp",
            "iat",
            "nbf",
            "jti",
            "cnf",
            "countersign_policy_id",
            "countersign_policy_digest");

    TokenClaims {
        shown = Collections.unmodifiableMap(new LinkedHashMap<>(shown)); // in the order of the list
    }

    /** Empty when something is not there as this service writes it. */
    static Optional<TokenClaims> read(Map<String, Object> claims) {
        if (claims.get("aud") instanceof String audience
                && claims.get("nbf") instanceof Number notBefore
                && claims.get("exp") instanceof Number expiry
                && claims.get("jti") instanceof String tokenId
                && claims.get("countersign_policy_id") instanceof String policy
                && claims.get("countersign_policy_digest") instanceof String digest) {
            var shown = new LinkedHashMap<String, Object>();
            for (String name : SHOWN) {
                Optional.ofNullable(claims.get(name)).ifPresent(value -> shown.put(name, value));
            }
            return Optional.of(
                    new TokenClaims(audience, instant(notBefore), instant(expiry), tokenId, policy, digest, shown));
        }
        return Optional.empty();
    }

    private static Instant instant(Number seconds) {
        return Instant.ofEpochSecond(seconds.longValue());
    }
}
