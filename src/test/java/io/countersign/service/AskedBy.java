package io.countersign.service;

import static io.countersign.service.RequestBodies.ATTESTATIONS;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.verifier.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;

/** Requests as one caller sends them. */
record AskedBy(Map<String, String> headers) {
    static final String INTROSPECT = "/v1/tokens/introspect";
    private static final SecureRandom RANDOM = new SecureRandom();

    static AskedBy nobody() {
        return new AskedBy(Map.of());
    }

    static AskedBy whoKnows(String secret) {
        return new AskedBy(Map.of("Authorization", "Bearer " + secret));
    }

    AskedBy with(String header, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new AskedBy(more);
    }

    Answer attest(JsonNode body) {
        Answer answer = attest(body.toString());
        PublishedSchemas.judge(ATTESTATIONS, body, answer);
        return answer;
    }

    Answer attest(String body) {
        return Http.post(ATTESTATIONS, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    Answer introspect(String form) {
        return Http.read(Http.request()
                .contentType("application/x-www-form-urlencoded")
                .headers(headers)
                .body(form.getBytes(StandardCharsets.UTF_8))
                .post(INTROSPECT));
    }

    Answer introspect(Token token) {
        return introspect("token=" + token.compact()).ok();
    }

    Answer consume(Token token) {
        return introspect("token=" + token.compact() + "&consume=true").ok();
    }

    /** Bytes that nobody else has, and that are no challenge. */
    static String random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        bytes[0] = 0;
        return Machine.base64Url(Bytes.copyOf(bytes));
    }
}
