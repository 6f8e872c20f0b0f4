package io.countersign.examples.kms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is released, to whom, and what somebody without a good token learns. */
class ReleaseTest extends KmsTest {
    @Test
    void aGoodTokenReleasesTheSecretToItsKeyAndToNoOther() throws Exception {
        String token = token(claims -> {});
        HttpResponse<String> answer = kms.release(token);
        JWEObject jwe = Expect.released(answer, recipient);
        Expect.doesNotOpen(answer, freshKey());
        assertEquals(
                Map.of(
                        "secret",
                        RunningKms.NAME,
                        "jti",
                        GoodToken.claimsOf(token).get("jti"),
                        "countersign_policy_digest",
                        GoodToken.DIGEST,
                        "iat",
                        clock.instant().getEpochSecond()),
                jwe.getHeader().getCustomParams());
        assertEquals(recipient.computeThumbprint().toString(), jwe.getHeader().getKeyID());
    }

    /** Whoever steals the token gets what he cannot open; whoever puts his own key into it breaks the signature. */
    @Test
    void aThiefsKeyDoesNotOpenWhatAStolenTokenReleases() throws Exception {
        ECKey thief = freshKey();
        String stolen = token(claims -> {});
        Expect.doesNotOpen(kms.release(stolen), thief);
        String forged = GoodToken.sign(
                GoodToken.claims(issuer.address(), clock.instant(), thief),
                new ECKey.Builder(StubIssuer.freshKey())
                        .keyID(issuer.signingKey.getKeyID())
                        .build());
        Expect.refused(401, "token-not-verified", kms.release(forged));
    }

    @Test
    void aKeyOnP384Serves() throws Exception {
        serves(new ECKeyGenerator(Curve.P_384).generate());
    }

    @Test
    void anRsaKeyServes() throws Exception {
        RSAKey key = new RSAKeyGenerator(2048).generate();
        HttpResponse<String> answer = serves(key);
        Expect.doesNotOpen(answer, new RSAKeyGenerator(2048).generate());
    }

    private HttpResponse<String> serves(JWK key) throws Exception {
        HttpResponse<String> answer = releaseAfter(
                claims -> claims.put("cnf", Map.of("jwk", key.toPublicJWK().toJSONObject())));
        Expect.released(answer, key);
        return answer;
    }

    /** A header that is changed on the way is noticed by whoever opens the JWE. */
    @Test
    void aReleaseDoesNotPassForAnother() throws Exception {
        var released = JWEObject.parse(kms.release(token(claims -> {})).body());
        var another = JWEObject.parse(kms.release(token(claims -> {})).body());
        String mixed = String.join(
                ".",
                another.getHeader().toBase64URL().toString(),
                released.getEncryptedKey().toString(),
                released.getIV().toString(),
                released.getCipherText().toString(),
                released.getAuthTag().toString());
        var decrypter = new ECDHDecrypter(recipient);
        assertThrows(JOSEException.class, () -> JWEObject.parse(mixed).decrypt(decrypter));
    }

    /** Without introspection a token is no single use; the README says so. */
    @Test
    void withoutIntrospectionATokenReleasesUntilItExpires() throws Exception {
        String token = token(claims -> {});
        Expect.released(kms.release(token), recipient);
        Expect.released(kms.release(token), recipient);
    }

    @Test
    void withoutATokenNothingIsToldButWhatToBring() throws Exception {
        HttpResponse<String> answer = kms.send(kms.request(RunningKms.NAME));
        Expect.refused(401, "token-missing", answer);
        assertEquals("Bearer", answer.headers().firstValue("WWW-Authenticate").orElse(""));
    }

    @Test
    void anotherSchemeIsNoToken() throws Exception {
        Expect.refused(
                401,
                "token-missing",
                kms.send(kms.request(RunningKms.NAME).header("Authorization", "Basic dXNlcjpwYXNz")));
    }

    @Test
    void aHeaderOfAnotherFormIsRefused() throws Exception {
        Expect.refused(
                401,
                "token-malformed",
                kms.send(kms.request(RunningKms.NAME).header("Authorization", "Bearer a token")));
    }

    @Test
    void anUnknownSecretIsToldOnlyToAGoodToken() throws Exception {
        Expect.refused(404, "secret-unknown", kms.release("another", token(claims -> {})));
        Expect.refused(401, "token-missing", kms.send(kms.request("another")));
        Expect.refused(401, "audience-differs", kms.release("another", token(claims -> claims.put("aud", "x"))));
    }

    @Test
    void aNameIsNoPath() throws Exception {
        Expect.refused(404, "secret-unknown", kms.release("caller-secret", token(claims -> {})));
        assertEquals(400, kms.release("..%2Fcaller-secret", token(claims -> {})).statusCode());
        assertEquals(400, kms.release("x;y", token(claims -> {})).statusCode());
    }

    @Test
    void onlyPostReleases() throws Exception {
        URI address = kms.request(RunningKms.NAME).build().uri();
        HttpResponse<String> answer =
                kms.send(HttpRequest.newBuilder(address).header("Authorization", "Bearer " + token(claims -> {})));
        assertEquals(405, answer.statusCode(), answer.body());
    }
}
