package io.countersign.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/** A token taken apart without any library, and without verifying it. */
record Token(String compact, JsonNode header, JsonNode claims) {
    static Token read(Answer answer) {
        return of(answer.json().path("token").asText());
    }

    static Token of(String compact) {
        List<String> parts = List.of(compact.split("\\.", -1));
        assertEquals(3, parts.size(), compact);
        return new Token(compact, json(parts.get(0)), json(parts.get(1)));
    }

    private static JsonNode json(String part) {
        return Http.parse(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
    }

    Instant expiresAt() {
        return Instant.ofEpochSecond(claims.get("exp").longValue());
    }

    Instant issuedAt() {
        return Instant.ofEpochSecond(claims.get("iat").longValue());
    }
}
