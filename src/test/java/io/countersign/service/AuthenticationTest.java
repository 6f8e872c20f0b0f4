package io.countersign.service;

import static io.countersign.service.RelyingParties.NEXT_SECRET;
import static io.countersign.service.RelyingParties.SECRET;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who says who he is, and is or is not known. */
@QuarkusTest
@TestProfile(RelyingParties.class)
class AuthenticationTest {
    private static final List<String> POSTED = List.of(
            "/v1/challenges",
            "/v1/attestations",
            "/v1/appraisals",
            "/v1/appraisals/batch",
            "/v1/evidence/show",
            "/v1/tokens/introspect",
            "/v1/nothing");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer",
                "Bearer ",
                "Bearer x",
                "Bearer " + SECRET + "x",
                "Bearer " + SECRET + " ",
                "Bearer " + SECRET + ", Bearer " + SECRET,
                "Bearer\t" + SECRET,
                "Bearer " + "a" + SECRET,
                SECRET,
                "Basic a21zOnNlY3JldA==",
                "DPoP " + SECRET,
                "",
            })
    void whoIsNotKnownGetsNothingNotEvenWhatAnybodyGets(String header) {
        for (String path : POSTED) {
            Answer answer = raw(path, "Authorization: " + header + "\r\n");
            // Clients trim what they send, and so does the service what it reads: RFC 9110, section 5.5.
            if (header.strip().equals("Bearer " + SECRET)) {
                assertFalse(answer.status() == 401, answer.text());
            } else {
                refused(answer);
            }
        }
    }

    private static void refused(Answer answer) {
        answer.problem(401, "unauthenticated");
        assertEquals("Bearer", answer.header("www-authenticate"));
        assertFalse(answer.text().contains(SECRET), answer.text());
    }

    @Test
    void aHeaderThatStandsTwiceNamesNobody() {
        String line = "Authorization: Bearer " + SECRET + "\r\n";
        for (String path : POSTED) {
            refused(raw(path, line + line));
            refused(raw(path, line + "authorization: Bearer " + NEXT_SECRET + "\r\n"));
        }
    }

    @Test
    void whatIsReadIsRefusedToo() {
        for (String path : List.of("/v1/policies", "/v1/policies/baseline", "/v1/schemas/request.json")) {
            refused(Http.read(
                    Http.request().header("Authorization", "Bearer nobody").get(path)));
            Http.read(Http.request().header("Authorization", "Bearer " + SECRET).get(path))
                    .ok();
        }
    }

    @Test
    void keysHealthAndPagesAreForWhateverAGatewayForwards() {
        for (String path : List.of(
                "/.well-known/jwks.json",
                "/.well-known/openid-configuration",
                "/q/health/live",
                "/docs/problems/unauthenticated.md")) {
            Http.read(Http.request().header("Authorization", "Basic eDp5").get(path))
                    .ok();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer " + SECRET, "bearer " + SECRET, "BEARER   " + SECRET, "Bearer " + NEXT_SECRET})
    void whoIsKnownGetsWhatAnybodyGets(String header) {
        byte[] body = RequestBodies.appraisal().toString().getBytes(UTF_8);
        Http.post("/v1/appraisals", body, Map.of("Authorization", header)).ok();
        Http.read(Http.request().header("Authorization", header).post("/v1/challenges"))
                .ok();
    }

    @Test
    void nobodyInParticularGetsWhatAnybodyGets() {
        Http.post("/v1/appraisals", RequestBodies.appraisal()).ok();
        Http.challenge();
        Http.get("/v1/policies").ok();
    }

    @Test
    void tokensAreIntrospectedByWhoIsKnownAlone() {
        Answer answer = AskedBy.nobody().introspect("token=x");
        refused(answer);
        AskedBy.whoKnows(SECRET).introspect("token=x").ok();
    }

    /** Over a bare connection, because clients refuse to send such headers. */
    private static Answer raw(String path, String headers) {
        try (var socket = new Socket("localhost", RestAssured.port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers
                                    + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
                            .getBytes(US_ASCII));
            return RawAnswer.of(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
