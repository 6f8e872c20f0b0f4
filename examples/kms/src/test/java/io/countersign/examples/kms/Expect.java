package io.countersign.examples.kms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEDecrypter;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.RSADecrypter;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import java.net.http.HttpResponse;
import tools.jackson.databind.JsonNode;

/** What an answer has to be. */
final class Expect {
    private Expect() {}

    /** A refusal with this code, and no secret in any form. */
    static JsonNode refused(int status, String code, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer.body());
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("Content-Type").orElse(""),
                answer.body());
        JsonNode problem = RunningKms.problem(answer);
        assertEquals(code, problem.path("code").asString(""), answer.body());
        assertFalse(problem.path("hint").asString("").isBlank());
        assertEquals(
                status == 401,
                answer.headers().firstValue("WWW-Authenticate").isPresent(),
                "who he is, and only that, is asked with WWW-Authenticate");
        return problem;
    }

    /** The secret in a JWE that this key opens. */
    static JWEObject released(HttpResponse<String> answer, JWK key) throws Exception {
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(
                "application/jose", answer.headers().firstValue("Content-Type").orElse(""));
        var jwe = JWEObject.parse(answer.body());
        jwe.decrypt(decrypter(key));
        assertEquals(RunningKms.SECRET, jwe.getPayload().toString());
        return jwe;
    }

    /** Somebody else's key opens nothing. */
    static void doesNotOpen(HttpResponse<String> answer, JWK key) throws Exception {
        assertEquals(200, answer.statusCode(), answer.body());
        var jwe = JWEObject.parse(answer.body());
        JWEDecrypter decrypter = decrypter(key);
        assertThrows(JOSEException.class, () -> jwe.decrypt(decrypter));
        assertTrue(jwe.getPayload() == null, "nothing was opened");
    }

    private static JWEDecrypter decrypter(JWK key) throws JOSEException {
        return key instanceof RSAKey rsa ? new RSADecrypter(rsa) : new ECDHDecrypter((ECKey) key);
    }
}
