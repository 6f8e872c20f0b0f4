package io.countersign.service;

import static io.countersign.service.Laboratory.KMS;
import static io.countersign.service.RequestBodies.ATTESTATIONS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.math.BigInteger;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which keys may be bound, and that every other is refused at its place. */
@QuarkusTest
@TestProfile(Laboratory.class)
class KeyTest {
    private static final String X25519 = "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08";

    private static Answer appraise(JWK key) {
        ObjectNode body = RequestBodies.appraisal();
        key.toJSONObject().forEach((name, value) -> body.withObject("/key").put(name, (String) value));
        return Http.post("/v1/appraisals", body);
    }

    private static Answer appraise(String key) {
        ObjectNode body = RequestBodies.appraisal();
        body.set("key", Http.parse(key));
        return Http.post("/v1/appraisals", body);
    }

    private static RSAKey rsa(int bits) throws NoSuchAlgorithmException {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return new RSAKey.Builder((RSAPublicKey) generator.generateKeyPair().getPublic()).build();
    }

    private static JWK ec(Curve curve) throws JOSEException {
        return new ECKeyGenerator(curve).generate().toPublicJWK();
    }

    @Test
    void everyKindOfTheContractEndsUpInTheToken() throws JOSEException, NoSuchAlgorithmException {
        for (JWK key : List.of(
                ec(Curve.P_256),
                ec(Curve.P_384),
                new OctetKeyPair.Builder(Curve.X25519, new Base64URL(X25519)).build(),
                rsa(2048),
                rsa(3072))) {
            Answer answer = Http.post(
                            ATTESTATIONS,
                            Machine.challengedWith(Http.nonce()).key(key).attestation(KMS, "pinned"))
                    .ok();
            var confirmed = Token.read(answer).claims().at("/cnf/jwk");
            key.getRequiredParams()
                    .forEach((name, value) ->
                            assertEquals(value.toString(), confirmed.get(name).asText()));
            assertEquals(
                    key.computeThumbprint().toString(), confirmed.get("kid").asText());
            assertFalse(confirmed.has("d"));
        }
    }

    @Test
    void whatTheEvidenceDoesNotCommitToStaysOutOfTheToken() throws JOSEException {
        JWK key = new ECKeyGenerator(Curve.P_256)
                .keyID("mine")
                .keyUse(KeyUse.ENCRYPTION)
                .generate()
                .toPublicJWK();
        Answer answer = Http.post(
                        ATTESTATIONS,
                        Machine.challengedWith(Http.nonce()).key(key).attestation(KMS, "pinned"))
                .ok();
        var confirmed = Token.read(answer).claims().at("/cnf/jwk");
        assertFalse(confirmed.has("use"));
        assertEquals(key.computeThumbprint().toString(), confirmed.get("kid").asText());
    }

    @Test
    void aPrivateKeyIsRefusedAtItsPrivateMember() throws JOSEException {
        appraise(new ECKeyGenerator(Curve.P_256).generate()).invalidAt("/key/d");
        for (String member : List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k")) {
            appraise("{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"" + member + "\":\"AAAA\"}")
                    .invalidAt("/key/" + member);
        }
    }

    @Test
    void otherCurvesAreRefused() throws JOSEException {
        appraise(ec(Curve.P_521)).invalidAt("/key");
        appraise("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + X25519 + "\"}")
                .invalidAt("/key");
        appraise("{\"kty\":\"OKP\",\"crv\":\"X448\",\"x\":\"" + "A".repeat(75) + "\"}")
                .invalidAt("/key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"kty\":\"EC\"}",
                "{\"kty\":\"ec\"}",
                "{\"kty\":\"oct\"}",
                "{\"kty\":\"AKP\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\"}",
                "{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"\"}",
                "{\"kty\":\"OKP\",\"crv\":\"X25519\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA\",\"y\":\"AAAA\"}",
                "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"\"}",
                "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AAAA\"}",
                "{\"kty\":\"\"}",
            })
    void whatIsNoKeyIsRefused(String key) {
        Answer answer = appraise(key).problem(400, "request-invalid");
        assertEquals(true, answer.json().get("pointer").asText().startsWith("/key"), answer.text());
    }

    @Test
    void aPointThatIsNotOnTheCurveIsRefused() throws JOSEException {
        String x = ec(Curve.P_256).toECKey().getX().toString();
        String y = ec(Curve.P_256).toECKey().getY().toString();
        appraise("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + x + "\",\"y\":\"" + y + "\"}")
                .invalidAt("/key");
        String zeros = "A".repeat(43);
        appraise("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + zeros + "\",\"y\":\"" + zeros + "\"}")
                .invalidAt("/key");
    }

    @Test
    void aKeyHasOneEncoding() throws JOSEException, NoSuchAlgorithmException {
        var ec = ec(Curve.P_256).toECKey();
        byte[] x = ec.getX().decode();
        byte[] led = new byte[x.length + 1];
        System.arraycopy(x, 0, led, 1, x.length);
        appraise("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + Base64URL.encode(led) + "\",\"y\":\"" + ec.getY()
                        + "\"}")
                .invalidAt("/key/x");
        appraise("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + ec.getX() + "=\",\"y\":\"" + ec.getY() + "\"}")
                .invalidAt("/key/x");
        RSAKey rsa = rsa(2048);
        BigInteger modulus = rsa.getModulus().decodeToBigInteger();
        // BigInteger's own form leads with the zero of its sign.
        appraise("{\"kty\":\"RSA\",\"n\":\"" + Base64URL.encode(modulus.toByteArray()) + "\",\"e\":\"AQAB\"}")
                .invalidAt("/key/n");
        appraise("{\"kty\":\"RSA\",\"n\":\"" + rsa.getModulus() + "\",\"e\":\"AAEAAQ\"}")
                .invalidAt("/key/e");
    }

    @Test
    void anRsaKeyIsLongEnoughAndHasASoundExponent() throws NoSuchAlgorithmException {
        appraise(rsa(1024)).invalidAt("/key/n");
        String modulus = rsa(2048).getModulus().toString();
        for (String exponent : List.of("AQ", "Ag", "AQAA")) {
            appraise("{\"kty\":\"RSA\",\"n\":\"" + modulus + "\",\"e\":\"" + exponent + "\"}")
                    .invalidAt("/key/e");
        }
        String huge = Base64URL.encode(BigInteger.ONE.shiftLeft(16_384).add(BigInteger.ONE))
                .toString();
        appraise("{\"kty\":\"RSA\",\"n\":\"" + huge + "\",\"e\":\"AQAB\"}").invalidAt("/key/n");
    }

    @Test
    void aKeyGoesWithCountersignV1Only() {
        for (String binding : List.of("nonce", "none")) {
            ObjectNode body = RequestBodies.appraisal().put("binding", binding);
            body.putObject("key").put("kty", "OKP").put("crv", "X25519").put("x", X25519);
            Http.post("/v1/appraisals", body).invalidAt("/key");
        }
        ObjectNode unbound = RequestBodies.unbound();
        unbound.putObject("key").put("kty", "OKP").put("crv", "X25519").put("x", X25519);
        Http.post("/v1/appraisals", unbound).invalidAt("/key");
    }

    @Test
    void aMemberOfAKeyIsText() {
        appraise("{\"kty\":\"EC\",\"crv\":256}").invalidAt("/key/crv");
        appraise("{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":[\"" + X25519 + "\"]}")
                .invalidAt("/key/x");
        appraise("{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" + X25519 + "\",\"use\":null}")
                .invalidAt("/key/use");
    }
}
