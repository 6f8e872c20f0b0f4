package io.countersign.service;

import static io.countersign.service.RelyingParties.BACKGROUND;
import static io.countersign.service.RelyingParties.SECRET;
import static io.countersign.service.RequestBodies.APPRAISALS;
import static io.countersign.service.RequestBodies.ATTESTATIONS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client is told that has sent its share of a minute, and that nobody else pays for it. */
@QuarkusTest
@TestProfile(Limited.class)
class RateLimitTest {
    private static final String FORWARDED = "X-Forwarded-For";
    private static final String ONE = "198.51.100.1";
    private static final String OTHER = "198.51.100.2";

    @Inject
    HeldTicker ticker;

    /** After that everybody's share is whole again, also of what was taken in advance. */
    @AfterEach
    void waitUntilAllIsFull() {
        ticker.moveOn(Duration.ofMinutes(2));
    }

    private static Answer from(String forwarded, String path, JsonNode body) {
        return Http.post(path, body.toString().getBytes(UTF_8), Map.of(FORWARDED, forwarded));
    }

    private static Answer appraise(String forwarded) {
        return from(forwarded, APPRAISALS, RequestBodies.appraisal());
    }

    private static Answer challenge(String forwarded) {
        return Http.read(Http.request().header(FORWARDED, forwarded).post("/v1/challenges"));
    }

    private static AskedBy kmsAt(String address) {
        return AskedBy.whoKnows(SECRET).with(FORWARDED, address);
    }

    private static void useUp(String address) {
        for (int i = 0; i < 3; i++) {
            appraise(address).ok();
        }
    }

    private static Answer limited(Answer answer, int retryAfter) {
        answer.problem(429, "rate-limited");
        assertEquals(String.valueOf(retryAfter), answer.header("retry-after"));
        assertTrue(answer.json().get("retryable").booleanValue());
        OpenApi.assertFits("Problem", answer.json());
        return answer;
    }

    @Test
    void oneTooManyIsRefusedUntilRetryAfterIsOver() {
        double before = Metrics.refused("rate");
        useUp(ONE);
        Answer answer = limited(appraise(ONE), 20);
        assertEquals("\"evidence\";q=3;w=60", answer.header("ratelimit-policy"));
        assertEquals("\"evidence\";r=0;t=20", answer.header("ratelimit"));
        assertEquals(before + 1, Metrics.refused("rate"));
        ticker.moveOn(Duration.ofSeconds(19));
        limited(appraise(ONE), 1);
        ticker.moveOn(Duration.ofSeconds(1));
        Answer served = appraise(ONE).ok();
        assertEquals("\"evidence\";r=0;t=60", served.header("ratelimit"));
        limited(appraise(ONE), 20);
    }

    @Test
    void anotherAddressHasAShareOfItsOwn() {
        useUp(ONE);
        limited(appraise(ONE), 20);
        useUp(OTHER);
    }

    @Test
    void aRegisteredCallerHasAShareOfItsOwnWhereverItComesFrom() {
        useUp(ONE);
        limited(appraise(ONE), 20);
        Token token = Token.read(kmsAt(ONE)
                .attest(Machine.challengedWith(
                                challenge(OTHER).ok().json().get("nonce").asText())
                        .attestation(BACKGROUND, "either"))
                .ok());
        assertTrue(kmsAt(ONE).introspect(token).json().get("active").booleanValue());
        byte[] body = RequestBodies.appraisal().toString().getBytes(UTF_8);
        for (int i = 0; i < 5; i++) {
            Http.post(APPRAISALS, body, kmsAt("198.51.100." + (10 + i)).headers())
                    .ok();
        }
        limited(Http.post(APPRAISALS, body, kmsAt(OTHER).headers()), 10);
        appraise(OTHER).ok();
    }

    @Test
    void introspectionsAreCountedByCaller() {
        for (int i = 0; i < 5; i++) {
            kmsAt("198.51.100." + i).introspect("token=x").ok();
        }
        Answer answer = limited(kmsAt(ONE).introspect("token=x"), 12);
        assertEquals("\"requests\";q=5;w=60", answer.header("ratelimit-policy"));
        AskedBy.whoKnows(RelyingParties.NEXT_SECRET).introspect("token=x").ok();
        ticker.moveOn(Duration.ofSeconds(12));
        kmsAt(ONE).introspect("token=x").ok();
    }

    @Test
    void challengesAreCounted() {
        for (int i = 0; i < 4; i++) {
            challenge(ONE).ok();
        }
        limited(challenge(ONE), 15);
        challenge(OTHER).ok();
        useUp(ONE);
        ticker.moveOn(Duration.ofSeconds(15));
        challenge(ONE).ok();
    }

    @Test
    void aChallengeOutlivesARefusalForTheRate() {
        String nonce = challenge(ONE).ok().json().get("nonce").asText();
        ObjectNode body = Machine.challengedWith(nonce).attestation(BACKGROUND, "either");
        useUp(ONE);
        limited(from(ONE, ATTESTATIONS, body), 20);
        ticker.moveOn(Duration.ofSeconds(20));
        from(ONE, ATTESTATIONS, body).ok();
        ticker.moveOn(Duration.ofSeconds(20));
        from(ONE, ATTESTATIONS, body).problem(409, "nonce-used");
    }

    @Test
    void everyDeviceCounts() {
        ObjectNode two = twoDevices();
        from(ONE, "/v1/evidence/show", two).problem(422, "evidence-unsupported");
        // One is left and pays for looking into the request, which needs two.
        limited(from(ONE, "/v1/evidence/show", two), 40);
        ticker.moveOn(Duration.ofSeconds(40));
        from(ONE, "/v1/evidence/show", two).problem(422, "evidence-unsupported");
        limited(from(ONE, "/v1/evidence/show", RequestBodies.evidenceOf(RequestBodies.appraisal())), 20);
    }

    private static ObjectNode twoDevices() {
        ObjectNode body = RequestBodies.evidenceOf(RequestBodies.appraisal());
        body.withObject("/evidence/gpu0")
                .put("type", "nvidia-gpu")
                .put("evidence", "AAAA")
                .put("certificate", "AAAA");
        return body;
    }

    @Test
    void eachAppraisalOfABatchCounts() {
        var batch = JsonNodeFactory.instance.objectNode();
        var appraisals = batch.putArray("appraisals");
        for (int i = 0; i < 5; i++) {
            appraisals.add(RequestBodies.appraisal());
        }
        JsonNode results = from(ONE, "/v1/appraisals/batch", batch).ok().json().get("results");
        var statuses = new ArrayList<Integer>();
        results.forEach(result -> statuses.add(result.get("status").intValue()));
        assertEquals(List.of(200, 200, 200, 429, 429), statuses);
        assertEquals("rate-limited", results.at("/3/body/code").asText());
        limited(from(ONE, "/v1/appraisals/batch", batch), 20);
    }

    @Test
    void whatIsNoRequestCostsAsMuchAsOne() {
        for (int i = 0; i < 3; i++) {
            Http.post(APPRAISALS, "{".getBytes(UTF_8), Map.of(FORWARDED, ONE)).problem(400, "request-invalid");
        }
        limited(Http.post(APPRAISALS, "{".getBytes(UTF_8), Map.of(FORWARDED, ONE)), 20);
    }

    @Test
    void whatIsReadByPeopleAndMonitorsIsNotCounted() {
        useUp(ONE);
        limited(appraise(ONE), 20);
        for (int i = 0; i < 10; i++) {
            Answer answer = Http.read(Http.request().header(FORWARDED, ONE).get("/v1/policies"))
                    .ok();
            assertFalse(answer.headers().containsKey("ratelimit"));
            Http.read(Http.request().header(FORWARDED, ONE).get("/q/health/ready"))
                    .ok();
        }
    }

    /** A proxy adds to the right; whatever the client itself has written stands to the left of that. */
    @Test
    void nobodyEscapesByWritingAddressesOfItsOwn() {
        useUp(ONE);
        for (String made : List.of("6.6.6.6, ", "127.0.0.1, ", "198.51.100.99,10.0.0.1, ", "unknown, ", ", , ")) {
            limited(appraise(made + ONE), 20);
        }
        limited(
                Http.post(
                        APPRAISALS,
                        RequestBodies.appraisal().toString().getBytes(UTF_8),
                        Map.of(FORWARDED, ONE, "Forwarded", "for=6.6.6.6")),
                20);
        limited(appraise(ONE + ", 127.0.0.1"), 20);
    }

    @Test
    void anIpv6NetworkIsOneClient() {
        appraise("2001:db8:7:7::1").ok();
        appraise("2001:db8:7:7::2").ok();
        appraise("2001:db8:7:7:ffff:ffff:ffff:ffff").ok();
        limited(appraise("2001:db8:7:7::4"), 20);
        appraise("2001:db8:7:8::1").ok();
    }

    @Test
    void aFloodOfAddressesIsBoundedAndGivesNobodyHisShareAnew() {
        useUp(ONE);
        int limited = 0;
        for (int i = 0; i < 400; i++) {
            Answer answer = challenge("203.0." + i / 200 + "." + i % 200);
            limited += answer.status() == 429 ? 1 : 0;
            appraise("192.0.2." + i % 200);
        }
        assertTrue(limited > 250, "most of them shared one allowance, " + limited);
        double clients = Metrics.of("countersign_limits_clients");
        assertTrue(clients <= 4 * 100, "memory is bounded: " + clients);
        limited(appraise(ONE), 20);
        kmsAt(ONE).introspect("token=x").ok();
        ticker.moveOn(Duration.ofMinutes(2));
        useUp(ONE);
    }

    @ParameterizedTest
    @CsvSource({
        "depth, 400, request-invalid",
        "devices, 400, request-invalid",
        "request-bytes, 413, request-too-large",
        "challenge-bytes, 413, request-too-large",
    })
    void boundsOfOneRequestKeepTheirCodesAndAreCounted(String bound, int status, String code) {
        String path = bound.startsWith("challenge") ? "/v1/challenges" : APPRAISALS;
        String limit = bound.replace("challenge-", "request-");
        double before = Metrics.refused(limit);
        Http.post(path, over(bound).getBytes(UTF_8), Map.of(FORWARDED, ONE)).problem(status, code);
        assertEquals(before + 1, Metrics.refused(limit));
        assertEquals(0, Metrics.refused("time"));
    }

    private static String over(String bound) {
        return switch (bound) {
            case "depth" -> "{\"evidence\":" + "[".repeat(40) + "]".repeat(40) + "}";
            case "request-bytes" -> " ".repeat(4 * 1024 * 1024 + 1);
            case "challenge-bytes" -> " ".repeat(20 * 1024);
            default -> {
                ObjectNode body = RequestBodies.appraisal();
                for (int i = 0; i < 3; i++) {
                    body.withObject("/evidence/gpu" + i).put("type", "nvidia-gpu");
                }
                yield body.toString();
            }
        };
    }
}
