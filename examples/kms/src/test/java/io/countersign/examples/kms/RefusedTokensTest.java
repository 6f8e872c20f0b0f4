package io.countersign.examples.kms;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.PlainHeader;
import com.nimbusds.jose.PlainObject;
import com.nimbusds.jose.crypto.MACSigner;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that are not good: each is a good one with one thing changed. */
class RefusedTokensTest extends KmsTest {
    @Test
    void expiredToTheSecond() throws Exception {
        String token = token(claims -> {});
        clock.advance(Duration.ofSeconds(299));
        Expect.released(kms.release(token), recipient);
        clock.advance(Duration.ofMillis(999));
        Expect.released(kms.release(token), recipient);
        clock.advance(Duration.ofMillis(1));
        Expect.refused(401, "token-expired", kms.release(token));
    }

    @Test
    void wrongAudience() throws Exception {
        Expect.refused(401, "audience-differs", releaseAfter(claims -> claims.put("aud", GoodToken.AUDIENCE + "/")));
    }

    @Test
    void twoAudiences() throws Exception {
        Expect.refused(
                401,
                "audience-differs",
                releaseAfter(claims -> claims.put("aud", List.of(GoodToken.AUDIENCE, "https://another.example"))));
    }

    @Test
    void anotherIssuer() throws Exception {
        Expect.refused(
                401, "issuer-differs", releaseAfter(claims -> claims.put("iss", issuer.address() + "/insecure")));
    }

    @Test
    void ofTheFuture() throws Exception {
        long now = clock.instant().getEpochSecond();
        Expect.released(releaseAfter(claims -> claims.put("nbf", now + 60)), recipient);
        Expect.refused(401, "token-not-yet-valid", releaseAfter(claims -> claims.put("nbf", now + 61)));
        Expect.released(releaseAfter(claims -> claims.put("iat", now + 60)), recipient);
        Expect.refused(401, "token-not-yet-valid", releaseAfter(claims -> claims.put("iat", now + 61)));
    }

    @Test
    void algorithmNone() throws Exception {
        var header =
                new PlainHeader.Builder().type(new JOSEObjectType("eat+jwt")).build();
        String token = new PlainObject(header, new Payload(claims())).serialize();
        Expect.refused(401, "token-not-verified", kms.release(token));
        assertEquals(0, issuer.fetchesOfKeys.get(), "no key has to be asked for");
    }

    /** The public key is known to all: who takes it for a shared secret lets everybody sign. */
    @Test
    void hs256WithThePublicKey() throws Exception {
        for (byte[] secret : new byte[][] {
            issuer.signingKey.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8),
            issuer.signingKey.toECPublicKey().getEncoded()
        }) {
            var header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                    .type(new JOSEObjectType("eat+jwt"))
                    .keyID(issuer.signingKey.getKeyID())
                    .build();
            var jws = new JWSObject(header, new Payload(claims()));
            jws.sign(new MACSigner(secret));
            Expect.refused(401, "token-not-verified", kms.release(jws.serialize()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "at+jwt", "eat+cwt"})
    void anotherType(String type) throws Exception {
        Expect.refused(
                401,
                "token-not-verified",
                kms.release(
                        GoodToken.sign(claims(), issuer.signingKey, header -> header.type(new JOSEObjectType(type)))));
    }

    @Test
    void noType() throws Exception {
        Expect.refused(
                401,
                "token-not-verified",
                kms.release(GoodToken.sign(claims(), issuer.signingKey, header -> header.type(null))));
    }

    /** The key is the issuer's or none: what a header brings along or points to is not looked at. */
    @Test
    void aKeyThatTheTokenBringsItself() throws Exception {
        var own = StubIssuer.freshKey();
        Expect.refused(
                401,
                "signing-key-unknown",
                kms.release(GoodToken.sign(claims(), own, header -> header.jwk(own.toPublicJWK()))));
    }

    @Test
    void aSignatureOverSomethingElse() throws Exception {
        String[] one = token(claims -> {}).split("\\.", -1);
        String[] other = token(claims -> {}).split("\\.", -1);
        Expect.refused(401, "token-not-verified", kms.release(String.join(".", one[0], one[1], other[2])));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "a.b.c", "....", "e30.e30.", "eyJhbGciOiJFUzI1NiJ9.e30.AAAA"})
    void garbage(String token) throws Exception {
        Expect.refused(401, "token-not-verified", kms.release(token));
    }

    /** Under the names of older drafts; a list of audiences could have it so at Countersign, which is one for Trustee's. */
    @Test
    void theDottedDialect() throws Exception {
        Expect.refused(401, "profile-unknown", releaseAfter(claims -> {
            dotted(claims);
            claims.put("eat_profile", "tag:github.com,2023:veraison/ear");
        }));
        Expect.refused(403, "status-not-affirming", releaseAfter(RefusedTokensTest::dotted));
    }

    private static void dotted(Map<String, Object> claims) {
        claims.put("ear.status", claims.remove("ear_status"));
        claims.put("submods", Map.of("cpu0", Map.of("ear.status", "affirming")));
    }

    @ParameterizedTest
    @CsvSource({
        "iss, 401, issuer-differs",
        "aud, 401, audience-differs",
        "exp, 401, token-expired",
        "iat, 401, token-not-yet-valid",
        "jti, 401, token-id-missing",
        "eat_profile, 401, profile-unknown",
        "ear_status, 403, status-not-affirming",
        "submods, 403, device-not-affirming",
        "countersign_key_bound, 403, key-not-bound",
        "countersign_workload, 403, workload-not-pinned",
        "countersign_policy_id, 403, policy-differs",
        "countersign_policy_digest, 403, policy-differs",
        "countersign_gpu_count, 403, gpu-count-differs",
        "countersign_freshness, 403, freshness-differs",
        "cnf, 403, key-unusable"
    })
    void whatIsMissingRefuses(String claim, int status, String code) throws Exception {
        Expect.refused(status, code, releaseAfter(claims -> claims.remove(claim)));
        Expect.refused(status, code, releaseAfter(claims -> claims.put(claim, null)));
    }

    /** A claim that no check looks at is one that no test of this class can miss. */
    @Test
    void nothingElseIsRequired() throws Exception {
        for (String claim : Set.of("sub", "nbf")) {
            Expect.released(releaseAfter(claims -> claims.remove(claim)), recipient);
        }
    }

    @ParameterizedTest
    @CsvSource({"exp, text", "aud, 7", "jti, 7", "iss, 7", "eat_profile, 7", "ear_status, 7"})
    void whatIsOfAnotherTypeRefuses(String claim, String value) throws Exception {
        Object wrong = value.equals("7") ? 7 : value;
        int status = releaseAfter(claims -> claims.put(claim, wrong)).statusCode();
        assertEquals(claim.equals("ear_status") ? 403 : 401, status);
    }
}
