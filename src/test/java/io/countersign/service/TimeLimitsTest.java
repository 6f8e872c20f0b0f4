package io.countersign.service;

import static io.countersign.service.RelyingParties.BACKGROUND;
import static io.countersign.service.RequestBodies.ATTESTATIONS;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Neither a slow vendor nor a slow sender holds anything for longer than it is given. */
@QuarkusTest
@TestProfile(Hasty.class)
class TimeLimitsTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static ObjectNode withoutCertificates(ObjectNode body) {
        RequestBodies.cpu(body).remove("certificates");
        return body;
    }

    @Test
    void anAppraisalThatTakesTooLongEndsAndItsChallengeIsStillGood() {
        double before = Metrics.refused("time");
        Machine machine = Machine.challengedWith(Http.nonce());
        Instant began = Instant.now();
        Answer late = Http.post(ATTESTATIONS, withoutCertificates(machine.attestation(BACKGROUND, "either")))
                .problem(503, "overloaded");
        assertTrue(Duration.between(began, Instant.now()).compareTo(SOON) < 0, "it did not wait for the vendor");
        assertTrue(late.json().get("detail").asText().contains("at the verb gather"), late.text());
        assertEquals("5", late.header("retry-after"));
        assertEquals(before + 1, Metrics.refused("time"));
        Http.post(ATTESTATIONS, machine.attestation(BACKGROUND, "either")).ok();
    }

    @Test
    void eachAppraisalOfABatchHasTheWholeTime() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode appraisals = body.putArray("appraisals");
        appraisals.add(withoutCertificates(Machine.challengedWith(Http.nonce()).appraisal("either")));
        appraisals.add(Machine.challengedWith(Http.nonce()).appraisal("either"));
        Answer answer = Http.post("/v1/appraisals/batch", body).ok();
        assertEquals(503, answer.json().at("/results/0/status").intValue());
        assertEquals("overloaded", answer.json().at("/results/0/body/code").asText());
        assertEquals(200, answer.json().at("/results/1/status").intValue());
    }

    /** The idle time-out never strikes: a byte comes every tenth of a second. */
    @ParameterizedTest
    @CsvSource({
        "/v1/appraisals, application/json, Content-Length: 100000, 400",
        "/v1/appraisals, application/json, Transfer-Encoding: chunked, 400",
        "/v1/challenges, application/json, Content-Length: 100000, 400",
        "/v1/tokens/introspect, application/x-www-form-urlencoded, Content-Length: 10000, 400",
        "/v1/appraisals, application/x-www-form-urlencoded, Content-Length: 100000, 415",
        "/v1/nothing, application/json, Content-Length: 100000, 400",
    })
    void aBodyThatTricklesInEndsWithTheConnection(String path, String type, String length, int status)
            throws Exception {
        double before = Metrics.refused("receive-time");
        try (var socket = new Socket("localhost", RestAssured.port)) {
            socket.setSoTimeout((int) SOON.toMillis());
            var out = socket.getOutputStream();
            out.write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\n" + length
                            + "\r\n\r\n")
                    .getBytes(US_ASCII));
            Thread trickle = Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        out.write((length.startsWith("Transfer") ? "1\r\n \r\n" : " ").getBytes(US_ASCII));
                        out.flush();
                        Thread.sleep(100);
                    }
                } catch (IOException | InterruptedException _) {
                    // The service has hung up, or the test is over.
                }
            });
            String answer = untilTheEnd(socket);
            trickle.interrupt();
            RawAnswer raw = RawAnswer.of(answer);
            assertEquals(status, raw.status(), answer);
            if (status == 400) {
                raw.read().invalidAt("");
                assertTrue(raw.head().toLowerCase(java.util.Locale.ROOT).contains("connection: close"), answer);
            }
        }
        assertEquals(before + 1, Metrics.refused("receive-time"));
        Http.get("/q/health/live").ok();
    }

    /** A connection that is closed while bytes are on their way to it ends with a reset. */
    private static String untilTheEnd(Socket socket) throws IOException {
        var answer = new ByteArrayOutputStream();
        try {
            int next = socket.getInputStream().read();
            while (next >= 0) {
                answer.write(next);
                next = socket.getInputStream().read();
            }
        } catch (SocketException _) {
            // So it ended; a time-out would not be one of these.
        }
        return answer.toString(UTF_8);
    }

    @Test
    void aBodyThatArrivesInTimeIsServedOnAConnectionThatStaysOpen() throws Exception {
        byte[] body = "{}".getBytes(US_ASCII);
        try (var socket = new Socket("localhost", RestAssured.port)) {
            socket.setSoTimeout((int) SOON.toMillis());
            for (int i = 0; i < 3; i++) {
                String head = "POST /v1/challenges HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
                socket.getOutputStream()
                        .write((head + "Content-Length: " + body.length + "\r\n\r\n").getBytes(US_ASCII));
                socket.getOutputStream().write(body);
                byte[] answer = new byte[4096];
                int read = socket.getInputStream().read(answer);
                assertTrue(new String(answer, 0, read, UTF_8).startsWith("HTTP/1.1 200 "), "a challenge");
                // Longer than a body may take: what is idle between requests is another time-out's affair.
                Thread.sleep(1_200);
            }
        }
    }
}
