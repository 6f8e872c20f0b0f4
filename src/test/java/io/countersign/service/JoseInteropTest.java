package io.countersign.service;

import static io.countersign.service.Laboratory.KMS;
import static io.countersign.service.RequestBodies.ATTESTATIONS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.auth0.jwk.UrlJwkProvider;
import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Jwk;
import io.jsonwebtoken.security.Jwks;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.security.Key;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import java.util.stream.Stream;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens of the running service, verified by libraries that nobody here wrote, through discovery and the key set. */
@QuarkusTest
@TestProfile(Laboratory.class)
class JoseInteropTest {
    /** A relying party's library: verifies issuer, audience and signature, and gives the policy id. */
    enum Library {
        JOSE4J {
            @Override
            String policyOf(String token, String audience, Discovered issuer) throws Exception {
                var keys = new JwksVerificationKeyResolver(
                        new JsonWebKeySet(issuer.keySet().toString()).getJsonWebKeys());
                return new JwtConsumerBuilder()
                        .setExpectedType(true, "eat+jwt")
                        .setExpectedIssuer(issuer.issuer())
                        .setExpectedAudience(audience)
                        .setRequireExpirationTime()
                        .setVerificationKeyResolver(keys)
                        .build()
                        .processToClaims(token)
                        .getStringClaimValue("countersign_policy_id");
            }
        },
        AUTH0 {
            @Override
            String policyOf(String token, String audience, Discovered issuer) throws Exception {
                var keys = new UrlJwkProvider(URI.create(issuer.keysAddress()).toURL());
                var key = (ECPublicKey) keys.get(JWT.decode(token).getKeyId()).getPublicKey();
                return JWT.require(Algorithm.ECDSA256(key, null))
                        .withIssuer(issuer.issuer())
                        .withAudience(audience)
                        .build()
                        .verify(token)
                        .getClaim("countersign_policy_id")
                        .asString();
            }
        },
        JJWT {
            @Override
            String policyOf(String token, String audience, Discovered issuer) {
                var keys = Jwks.setParser().build().parse(issuer.keySet().toString());
                return Jwts.parser()
                        .keyLocator(header -> key(keys.getKeys().stream(), String.valueOf(header.get("kid"))))
                        .requireIssuer(issuer.issuer())
                        .requireAudience(audience)
                        .build()
                        .parseSignedClaims(token)
                        .getPayload()
                        .get("countersign_policy_id", String.class);
            }

            private Key key(Stream<Jwk<?>> keys, String id) {
                return keys.filter(key -> key.getId().equals(id))
                        .findFirst()
                        .orElseThrow()
                        .toKey();
            }
        };

        abstract String policyOf(String token, String audience, Discovered issuer) throws Exception;
    }

    /** What discovery tells. */
    record Discovered(String issuer, String keysAddress, JsonNode keySet) {}

    private static Discovered discover(String token) {
        String issuer = Token.of(token).claims().get("iss").asText();
        JsonNode document = Http.get(URI.create(issuer).getPath() + "/.well-known/openid-configuration")
                .ok()
                .json();
        assertEquals(issuer, document.get("issuer").asText());
        String address = document.get("jwks_uri").asText();
        return new Discovered(
                issuer, address, Http.get(URI.create(address).getPath()).ok().json());
    }

    private static String token() {
        return Http.post(ATTESTATIONS, Machine.challengedWith(Http.nonce()).attestation(KMS, "pinned"))
                .ok()
                .json()
                .get("token")
                .asText();
    }

    @ParameterizedTest
    @EnumSource
    void verifiesAToken(Library library) throws Exception {
        String token = token();
        assertEquals("pinned", library.policyOf(token, KMS, discover(token)));
    }

    @ParameterizedTest
    @EnumSource
    void refusesATamperedToken(Library library) {
        String token = token();
        Discovered issuer = discover(token);
        String[] parts = token.split("\\.", -1);
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), java.nio.charset.StandardCharsets.UTF_8)
                .replace("\"countersign_debug\":false", "\"countersign_debug\":true ");
        String tampered = parts[0] + "."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(claims.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                + "." + parts[2];
        assertRefused(library, tampered, KMS, issuer);
        assertRefused(library, parts[0] + "." + parts[1] + ".", KMS, issuer);
    }

    @ParameterizedTest
    @EnumSource
    void refusesATokenForAnotherAudience(Library library) {
        String token = token();
        assertRefused(library, token, "https://other.example", discover(token));
    }

    @ParameterizedTest
    @EnumSource
    void refusesATokenOfAnotherKey(Library library) throws JOSEException {
        String token = token();
        Discovered issuer = discover(token);
        var other = new ECKeyGenerator(Curve.P_256).generate();
        String keyId = Token.of(token).header().get("kid").asText();
        var forged = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .keyID(keyId)
                        .type(new JOSEObjectType("eat+jwt"))
                        .build(),
                new Payload(Token.of(token).claims().toString()));
        forged.sign(new ECDSASigner(other));
        assertRefused(library, forged.serialize(), KMS, issuer);
    }

    private static void assertRefused(Library library, String token, String audience, Discovered issuer) {
        // Each library's own word for "this token is not good"; anything else would be an accident.
        Class<? extends Exception> refusal =
                switch (library) {
                    case JOSE4J -> InvalidJwtException.class;
                    case AUTH0 -> JWTVerificationException.class;
                    case JJWT -> JwtException.class;
                };
        assertThrows(refusal, () -> library.policyOf(token, audience, issuer));
    }
}
