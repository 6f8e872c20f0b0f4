package io.countersign.examples.kms;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that no secret is wrapped to, though the issuer signed for them. */
class RecipientTest extends KmsTest {
    @Test
    void aKeyWithItsPrivateHalf() throws Exception {
        var answer = unusable(recipient.toJSONObject());
        assertFalse(answer.body().contains(recipient.getD().toString()), "the private key is not said again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"p", "q", "dp", "dq", "qi", "oth", "k"})
    void aKeyWithAnyPrivateMember(String member) throws Exception {
        var key = publicMembers();
        key.put(member, "AQAB");
        unusable(key);
    }

    @Test
    void rsaOf1024Bits() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        unusable(new RSAKey.Builder((RSAPublicKey) generator.generateKeyPair().getPublic())
                .build()
                .toJSONObject());
    }

    @Test
    void rsaOf2047Bits() throws Exception {
        unusable(rsa(BigInteger.TWO.pow(2047).subtract(BigInteger.ONE), 65537));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 65538})
    void rsaWithAPoorExponent(int exponent) throws Exception {
        unusable(rsa(BigInteger.TWO.pow(2048).subtract(BigInteger.ONE), exponent));
    }

    private static Map<String, Object> rsa(BigInteger modulus, int exponent) {
        return Map.of(
                "kty",
                "RSA",
                "n",
                Base64URL.encode(modulus).toString(),
                "e",
                Base64URL.encode(BigInteger.valueOf(exponent)).toString());
    }

    /** Wrapping to such points, one after the other, would give the secret away (invalid curve attack). */
    @Test
    void aPointThatIsNotOnItsCurve() throws Exception {
        var key = publicMembers();
        key.put("y", Base64URL.encode(new byte[32]).toString());
        unusable(key);
    }

    @Test
    void aPointOfAnotherCurve() throws Exception {
        var key = publicMembers();
        key.put("crv", "P-384");
        unusable(key);
    }

    @Test
    void curvesThatThisKmsDoesNotServe() throws Exception {
        unusable(new ECKeyGenerator(Curve.P_521).generate().toPublicJWK().toJSONObject());
        unusable(new OctetKeyPair.Builder(Curve.X25519, Base64URL.encode(new byte[32]))
                .build()
                .toJSONObject());
    }

    @Test
    void aSymmetricKey() throws Exception {
        unusable(new OctetSequenceKey.Builder(new byte[32]).build().toJSONObject());
    }

    @Test
    void aKeyForSignatures() throws Exception {
        var use = publicMembers();
        use.put("use", "sig");
        unusable(use);
        var algorithm = publicMembers();
        algorithm.put("alg", "ES256");
        unusable(algorithm);
    }

    @Test
    void noKey() throws Exception {
        unusable(Map.of());
        Expect.refused(401, "confirmation-malformed", releaseAfter(claims -> claims.put("cnf", "x")));
        Expect.refused(401, "confirmation-malformed", releaseAfter(claims -> claims.put("cnf", Map.of("jkt", 7))));
        Expect.refused(403, "key-unusable", releaseAfter(claims -> claims.put("cnf", Map.of("jwk", "x"))));
    }

    /** RFC 7800, section 3.1: one key. */
    @Test
    void twoKeys() throws Exception {
        Expect.refused(
                403,
                "key-unusable",
                releaseAfter(claims -> claims.put("cnf", Map.of("jwk", publicMembers(), "kid", "another"))));
    }

    private Map<String, Object> publicMembers() {
        return new LinkedHashMap<>(recipient.toPublicJWK().toJSONObject());
    }

    private HttpResponse<String> unusable(Map<String, Object> key) throws Exception {
        HttpResponse<String> answer = releaseAfter(claims -> claims.put("cnf", Map.of("jwk", key)));
        Expect.refused(403, "key-unusable", answer);
        return answer;
    }
}
