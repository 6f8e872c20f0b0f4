package io.countersign.service;

import static io.countersign.service.RequestBodies.APPRAISALS;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.http.Method;
import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP itself asks for: methods, paths, media types and lengths. */
@QuarkusTest
@TestProfile(Laboratory.class)
class HttpRulesTest {
    private static final int MOST = 4 * 1024 * 1024;
    private static final byte[] GOOD = RequestBodies.appraisal().toString().getBytes(UTF_8);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1",
                "/v2/appraisals",
                "/v1/attestation",
                "/V1/appraisals",
                "/v1/evidence",
                "/q/nothing",
                "/.well-known/",
                "/v1/schemas/request",
                "/v1/schemas/other.json",
                "/docs/problems/nothing.md",
                "/docs/problems/../../application.properties",
                "/docs/problems/%2e%2e%2fapplication.properties",
                "/index.html",
                "/v1/schemas/..%2Frequest.json",
            })
    void whereNothingIsThereIsNotFound(String path) {
        Http.get(path).problem(404, "not-found");
        Http.post(path.replace("/docs", "/doc").replace("/schemas", "/schema"), GOOD)
                .problem(404, "not-found");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/appraisals, POST",
        "PUT, /v1/appraisals, POST",
        "DELETE, /v1/attestations, POST",
        "GET, /v1/attestations, POST",
        "GET, /v1/challenges, POST",
        "PATCH, /v1/evidence/show, POST",
        "GET, /v1/appraisals/batch, POST",
        "GET, /v1/tokens/introspect, POST",
        "POST, /v1/policies, GET",
        "DELETE, /v1/policies/baseline, GET",
        "POST, /.well-known/jwks.json, GET",
        "PUT, /v1/schemas/request.json, GET",
    })
    void anotherMethodIsNotAllowedAndTheRightOneIsNamed(Method method, String path, String allowed) {
        Answer answer = Http.read(Http.request().request(method, path)).problem(405, "method-not-allowed");
        assertTrue(answer.header("allow").contains(allowed), answer.header("allow"));
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/appraisals, text/html",
        "/v1/appraisals, application/eat+jwt",
        "/v1/attestations, application/xml",
        "/v1/evidence/show, image/png",
        "/v1/challenges, text/plain",
    })
    void anAnswerInAnotherFormIsNotAcceptable(String path, String accept) {
        Http.post(path, GOOD, Map.of("Accept", accept)).problem(406, "not-acceptable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "*/*", "application/*", "text/html, application/json;q=0.1"})
    void jsonIsGivenToWhomeverTakesIt(String accept) {
        Http.post(APPRAISALS, GOOD, Map.of("Accept", accept)).ok();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/xml",
                "application/x-www-form-urlencoded",
                "multipart/form-data",
                "application/cbor"
            })
    void aBodyOfAnotherTypeIsNotRead(String type) {
        for (String path : new String[] {
            APPRAISALS, "/v1/appraisals/batch", "/v1/attestations", "/v1/evidence/show", "/v1/challenges"
        }) {
            raw(path, "Content-Type: " + type + "\r\nContent-Length: 2\r\n", "{}")
                    .read()
                    .problem(415, "media-type-unsupported");
        }
    }

    @Test
    void aCharacterSetBesideTheTypeIsNoOffence() {
        Http.read(Http.request()
                        .contentType("application/json; charset=utf-8")
                        .body(GOOD)
                        .post(APPRAISALS))
                .ok();
    }

    @Test
    void aBodyOverFourMebibytesIsTooLarge() {
        byte[] body = " ".repeat(MOST + 1).getBytes(US_ASCII);
        raw(APPRAISALS, "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n", "")
                .read()
                .problem(413, "request-too-large");
        raw(APPRAISALS, "Content-Type: application/json\r\nContent-Length: 99999999999\r\n", "")
                .read()
                .problem(413, "request-too-large");
    }

    @Test
    void aBodyInPiecesOverFourMebibytesIsTooLarge() {
        String piece = " ".repeat(64 * 1024);
        String chunk = "10000\r\n" + piece + "\r\n";
        raw(APPRAISALS, "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n", chunk.repeat(65))
                .read()
                .problem(413, "request-too-large");
    }

    @Test
    void aBodyOfFourMebibytesIsRead() {
        byte[] body = new byte[MOST];
        java.util.Arrays.fill(body, (byte) ' ');
        System.arraycopy(GOOD, 0, body, 0, GOOD.length);
        Http.post(APPRAISALS, body).ok();
    }

    @Test
    void aBodyInPiecesIsRead() {
        String text = new String(GOOD, UTF_8);
        raw(
                        APPRAISALS,
                        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n",
                        Integer.toHexString(GOOD.length) + "\r\n" + text + "\r\n0\r\n\r\n")
                .read()
                .ok();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 0\r\n", "Transfer-Encoding: chunked\r\n", ""})
    void aBodyOfNoBytesIsAnEmptyBodyHoweverItIsAnnounced(String announced) {
        String body = announced.startsWith("Transfer") ? "0\r\n\r\n" : "";
        raw(APPRAISALS, "Content-Type: application/json\r\n" + announced, body)
                .read()
                .invalidAt("");
        raw("/v1/challenges", announced, body).read().ok();
        raw("/v1/challenges", "Content-Type: application/json\r\n" + announced, body)
                .read()
                .ok();
    }

    @Test
    void headersThatGoOnForEverAreRefused() {
        RawAnswer answer = raw(APPRAISALS, "X-Long: " + "x".repeat(70_000) + "\r\n", "");
        assertTrue(answer.status() == 431 || answer.status() == 400, answer.head());
    }

    /** Else it would be another request, which whoever stands in front has not seen as one. */
    @ParameterizedTest
    @ValueSource(strings = {"xchunked", "identity", "gzip", "gzip, chunked", "chunked, chunked"})
    void whatFollowsACodingThatIsNotUnderstoodIsNoRequest(String coding) throws IOException {
        String body = coding.endsWith("chunked") && coding.contains(",") ? "0\r\n\r\n" : "";
        String first =
                "POST /v1/challenges HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: " + coding + "\r\n\r\n" + body;
        String hidden = "GET /q/health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        try (var socket = new Socket("localhost", RestAssured.port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write((first + hidden).getBytes(US_ASCII));
            String answers = new String(socket.getInputStream().readAllBytes(), UTF_8);
            assertEquals(400, RawAnswer.of(answers).status());
            assertEquals(0, answers.lastIndexOf("HTTP/1.1 "), answers);
        }
    }

    /** Over a bare connection, because clients do not send such requests or give up before the answer. */
    private static RawAnswer raw(String path, String headers, String body) {
        try (var socket = new Socket("localhost", RestAssured.port)) {
            socket.setSoTimeout(20_000);
            var out = socket.getOutputStream();
            out.write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + "\r\n")
                    .getBytes(US_ASCII));
            try {
                out.write(body.getBytes(UTF_8));
                out.flush();
            } catch (IOException _) {
                // The service has stopped reading; its answer counts.
            }
            return RawAnswer.of(new String(socket.getInputStream().readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void answersAreNotToBeKept() {
        assertEquals("no-store", Http.post(APPRAISALS, GOOD).header("cache-control"));
        assertEquals("no-store", Http.challenge().header("cache-control"));
    }
}
