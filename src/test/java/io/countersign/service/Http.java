package io.countersign.service;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Calls the service under test, and holds every answer against what must be so about all of them. */
final class Http {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final RestAssuredConfig AS_WRITTEN = RestAssuredConfig.config()
            .encoderConfig(EncoderConfig.encoderConfig()
                    .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                    .encodeContentTypeAs("application/json", ContentType.TEXT)
                    .encodeContentTypeAs("application/x-www-form-urlencoded", ContentType.TEXT));

    private Http() {}

    static RequestSpecification request() {
        return given().config(AS_WRITTEN).urlEncodingEnabled(false);
    }

    static Answer get(String path) {
        return read(request().get(path));
    }

    static Answer post(String path, JsonNode body) {
        Answer answer = post(path, body.toString());
        PublishedSchemas.judge(path, body, answer);
        return answer;
    }

    static Answer post(String path, String body) {
        return post(path, body.getBytes(StandardCharsets.UTF_8));
    }

    static Answer post(String path, byte[] body) {
        return post(path, body, Map.of());
    }

    static Answer post(String path, byte[] body, Map<String, String> headers) {
        return read(request()
                .contentType("application/json")
                .headers(headers)
                .body(body)
                .post(path));
    }

    static Answer challenge() {
        return read(request().post("/v1/challenges")).ok();
    }

    /** A challenge nonce good for any audience and policy. */
    static String nonce() {
        return challenge().json().get("nonce").asText();
    }

    /** An answer with its form judged. */
    static Answer read(Response response) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        response.getHeaders().forEach(header -> headers.put(header.getName(), header.getValue()));
        String mediaType = String.valueOf(response.getContentType()).toLowerCase(Locale.ROOT);
        String text = new String(response.asByteArray(), StandardCharsets.UTF_8);
        var answer = new Answer(response.statusCode(), mediaType, headers, text, parseIfJson(mediaType, text));
        ProblemForm.judge(answer);
        return answer;
    }

    static JsonNode parseIfJson(String mediaType, String text) {
        return mediaType.contains("json") ? parse(text) : JsonNodeFactory.instance.missingNode();
    }

    static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON as it should be: " + text, e);
        }
    }
}
