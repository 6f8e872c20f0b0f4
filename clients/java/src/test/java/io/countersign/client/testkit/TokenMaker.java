package io.countersign.client.testkit;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import io.countersign.client.Bytes;
import io.countersign.client.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Signs tokens as the service does, so that a test can spoil one thing at a time. */
public final class TokenMaker {
    public static final String AUDIENCE = "https://kms.example";
    public static final String DIGEST = "sha256:" + "5d".repeat(32);
    public static final Bytes NONCE = Bytes.ofHex("435301" + "ab".repeat(29));

    private final ECKey key;
    private final String issuer;

    public TokenMaker(String issuer, Curve curve) {
        this.issuer = issuer;
        try {
            this.key = new ECKeyGenerator(curve)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(curve.equals(Curve.P_384) ? JWSAlgorithm.ES384 : JWSAlgorithm.ES256)
                    .keyIDFromThumbprint(true)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public ECKey key() {
        return key;
    }

    public static String jwks(TokenMaker... makers) {
        return new JWKSet(List.of(makers).stream()
                        .<com.nimbusds.jose.jwk.JWK>map(maker -> maker.key.toPublicJWK())
                        .toList())
                .toString();
    }

    /** Every claim of a good token. */
    public Map<String, Object> claims(Instant now) {
        long second = now.getEpochSecond();
        var claims = new LinkedHashMap<String, Object>();
        claims.put("eat_profile", "tag:ietf.org,2026:rats/ear#03");
        claims.put("iss", issuer);
        claims.put("sub", "payments");
        claims.put("aud", AUDIENCE);
        claims.put("iat", second);
        claims.put("nbf", second);
        claims.put("exp", second + 300);
        claims.put("jti", "4f7c1c7e0f5d4a3b9c2d1e0f9a8b7c6d");
        claims.put("eat_nonce", NONCE.base64Url());
        claims.put("ear_verifier_id", Map.of("developer", "Countersign", "build", "0.1.0"));
        claims.put("ear_status", "affirming");
        var submods = new LinkedHashMap<String, Object>();
        submods.put("cpu0", Map.of("ear_status", "affirming", "ear_trustworthiness_vector", Map.of("hardware", 2)));
        submods.put("gpu0", Map.of("ear_status", "affirming", "ear_trustworthiness_vector", Map.of("hardware", 2)));
        claims.put("submods", submods);
        claims.put("countersign_policy_id", "payments");
        claims.put("countersign_policy_version", "3");
        claims.put("countersign_policy_digest", DIGEST);
        claims.put("countersign_evidence_digest", "sha256:" + "11".repeat(32));
        claims.put("countersign_result_digest", "sha256:" + "22".repeat(32));
        claims.put("countersign_tee", "sev-snp");
        claims.put("countersign_measurement", "33".repeat(48));
        claims.put("countersign_debug", false);
        claims.put("countersign_gpu_count", 1);
        claims.put("countersign_binding", "countersign-v1");
        claims.put("countersign_key_bound", false);
        claims.put("countersign_freshness", "challenge");
        claims.put("countersign_workload", "pinned");
        return claims;
    }

    /** The same with a bound key. */
    public Map<String, Object> claims(Instant now, Map<String, Object> jwk) {
        Map<String, Object> claims = claims(now);
        claims.put("cnf", Map.of("jwk", jwk));
        claims.put("countersign_key_bound", true);
        return claims;
    }

    public String sign(Map<String, Object> claims) {
        return sign(header().build(), StrictJson.write(claims));
    }

    public JWSHeader.Builder header() {
        return new JWSHeader.Builder(JWSAlgorithm.parse(key.getAlgorithm().getName()))
                .keyID(key.getKeyID())
                .type(new JOSEObjectType("eat+jwt"));
    }

    public String sign(JWSHeader header, String payload) {
        try {
            var token = new JWSObject(header, new Payload(payload));
            token.sign(new ECDSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Signs a header that no library would write. */
    public String signRaw(String header, String payload) {
        try {
            String signed = Base64URL.encode(header) + "." + Base64URL.encode(payload);
            return signed + "."
                    + new ECDSASigner(key)
                            .sign(
                                    new JWSHeader(JWSAlgorithm.parse(
                                            key.getAlgorithm().getName())),
                                    signed.getBytes(StandardCharsets.US_ASCII));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
