package io.countersign.examples.ohttp;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * In Countersign's place for story and tests. It believes everybody and looks at no evidence, so its tokens say that they are a
 * laboratory's.
 */
final class StandInIssuer implements AutoCloseable {
    static final String AUDIENCE = "https://inference.example";
    static final String POLICY = "ohttp-gateway";
    static final String DIGEST = "sha256:" + "5a".repeat(32);
    private static final long LIFETIME_SECONDS = 300;

    private final HttpServer server;
    private final ECKey key;

    private StandInIssuer(HttpServer server, ECKey key) {
        this.server = server;
        this.key = key;
    }

    static StandInIssuer start(Curve curve) throws IOException {
        ECKey key;
        try {
            key = new ECKeyGenerator(curve).keyIDFromThumbprint(true).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("This Java cannot make EC keys", e);
        }
        var issuer = new StandInIssuer(
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0), key);
        issuer.server.createContext(
                "/insecure/.well-known/openid-configuration",
                exchange -> answer(
                        exchange,
                        Map.of(
                                "issuer",
                                issuer.address().toString(),
                                "jwks_uri",
                                issuer.address() + "/.well-known/jwks.json")));
        issuer.server.createContext(
                "/insecure/.well-known/jwks.json",
                exchange ->
                        answer(exchange, new JWKSet(issuer.key).toPublicJWKSet().toJSONObject()));
        issuer.server.start();
        return issuer;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/insecure");
    }

    /** A token for a key, as Countersign makes it for evidence that commits to this key. */
    String attest(JWK attestedKey) {
        return sign(claims(attestedKey, Instant.now()));
    }

    Map<String, Object> claims(JWK attestedKey, Instant now) {
        var claims = new HashMap<String, Object>();
        claims.put("eat_profile", "tag:ietf.org,2026:rats/ear#03");
        claims.put("iss", address().toString());
        claims.put("aud", AUDIENCE);
        claims.put("iat", now.getEpochSecond());
        claims.put("nbf", now.getEpochSecond());
        claims.put("exp", now.getEpochSecond() + LIFETIME_SECONDS);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("ear_status", "affirming");
        claims.put("submods", Map.of("cpu0", Map.of("ear_status", "affirming")));
        claims.put("cnf", Map.of("jwk", attestedKey.toJSONObject()));
        claims.put("countersign_policy_id", POLICY);
        claims.put("countersign_policy_digest", DIGEST);
        claims.put("countersign_key_bound", true);
        claims.put("countersign_freshness", "challenge");
        claims.put("countersign_workload", "pinned");
        claims.put("countersign_insecure", true);
        return claims;
    }

    String sign(Map<String, Object> claims) {
        return sign(
                new JWSHeader.Builder(algorithm())
                        .type(new JOSEObjectType("eat+jwt"))
                        .keyID(key.getKeyID())
                        .build(),
                claims,
                key);
    }

    JWSAlgorithm algorithm() {
        return Curve.P_384.equals(key.getCurve()) ? JWSAlgorithm.ES384 : JWSAlgorithm.ES256;
    }

    String keyId() {
        return key.getKeyID();
    }

    static String sign(JWSHeader header, Map<String, Object> claims, ECKey key) {
        try {
            var token = new JWSObject(header, new Payload(claims));
            token.sign(new ECDSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("This Java cannot sign with " + header.getAlgorithm(), e);
        }
    }

    private static void answer(HttpExchange exchange, Map<String, Object> document) throws IOException {
        try (exchange) {
            byte[] body = JSONObjectUtils.toJSONString(document).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().put("Content-Type", List.of("application/json"));
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
