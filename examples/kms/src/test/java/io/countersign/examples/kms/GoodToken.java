package io.countersign.examples.kms;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import java.text.ParseException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** A token that is good enough for the secret of {@link RunningKms}; tests change one thing at a time. */
final class GoodToken {
    static final String AUDIENCE = "https://kms.example";
    static final String POLICY = "confidential-gpu-production";
    static final String DIGEST = "sha256:" + "ab".repeat(32);

    private GoodToken() {}

    static Map<String, Object> claims(String issuer, Instant now, JWK recipient) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("eat_profile", "tag:ietf.org,2026:rats/ear#03");
        claims.put("iss", issuer);
        claims.put("sub", POLICY);
        claims.put("aud", AUDIENCE);
        claims.put("iat", now.getEpochSecond());
        claims.put("nbf", now.getEpochSecond());
        claims.put("exp", now.getEpochSecond() + 300);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("cnf", Map.of("jwk", recipient.toPublicJWK().toJSONObject()));
        claims.put("ear_status", "affirming");
        claims.put(
                "submods",
                new LinkedHashMap<>(
                        Map.of("cpu0", Map.of("ear_status", "affirming"), "gpu0", Map.of("ear_status", "affirming"))));
        claims.put("countersign_policy_id", POLICY);
        claims.put("countersign_policy_digest", DIGEST);
        claims.put("countersign_key_bound", true);
        claims.put("countersign_workload", "pinned");
        claims.put("countersign_gpu_count", 8);
        claims.put("countersign_freshness", "challenge");
        return claims;
    }

    /** Signed with ES256, of typ eat+jwt. */
    static String sign(Map<String, Object> claims, ECKey key) throws Exception {
        return sign(claims, key, header -> {});
    }

    static String sign(Map<String, Object> claims, ECKey key, Consumer<JWSHeader.Builder> change) throws Exception {
        var header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(new JOSEObjectType("eat+jwt"))
                .keyID(key.getKeyID());
        change.accept(header);
        var jws = new JWSObject(header.build(), new Payload(claims));
        jws.sign(new ECDSASigner(key));
        return jws.serialize();
    }

    static Map<String, Object> claimsOf(String token) {
        try {
            return JWSObject.parse(token).getPayload().toJSONObject();
        } catch (ParseException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
