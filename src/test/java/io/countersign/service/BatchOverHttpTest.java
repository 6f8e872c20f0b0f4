package io.countersign.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several appraisals in one request, each with its own result. */
@QuarkusTest
@TestProfile(RelyingParties.class)
class BatchOverHttpTest {
    private static final String BATCH = "/v1/appraisals/batch";

    private static ObjectNode batch(JsonNode... appraisals) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode array = body.putArray("appraisals");
        for (JsonNode appraisal : appraisals) {
            array.add(appraisal);
        }
        return body;
    }

    private static Answer judged(JsonNode... appraisals) {
        Answer answer = Http.post(BATCH, batch(appraisals)).ok();
        OpenApi.assertFits("BatchResult", answer.json());
        assertEquals(appraisals.length, answer.json().get("results").size());
        return answer;
    }

    private static JsonNode result(Answer answer, int at) {
        return answer.json().at("/results/" + at);
    }

    @Test
    void eachHasTheResultThatItWouldHaveAlone() {
        ObjectNode favourable = Machine.challengedWith(Http.nonce()).appraisal("either");
        ObjectNode debuggable = Machine.challengedWith(Http.nonce())
                .report(report -> report.policyDebug(true))
                .appraisal("either");
        ObjectNode unsettled = Machine.challengedWith(Http.nonce()).withoutCrl().appraisal("either");
        Answer answer = judged(RequestBodies.appraisal(), favourable, debuggable, unsettled);
        JsonNode alone =
                Http.post("/v1/appraisals", RequestBodies.appraisal()).ok().json();
        assertEquals(200, result(answer, 0).get("status").intValue());
        assertEquals(alone, result(answer, 0).get("body"));
        for (int i = 1; i < 4; i++) {
            PublishedSchemas.assertFits("result", "", result(answer, i).get("body"));
        }
        assertEquals("affirming", result(answer, 1).at("/body/status").asText());
        assertEquals("contraindicated", result(answer, 2).at("/body/status").asText());
        assertEquals("none", result(answer, 3).at("/body/status").asText());
        assertFalse(answer.text().contains("\"token\""), answer.text());
        assertEquals("no-store", answer.header("cache-control"));
    }

    @Test
    void aBadOneSpoilsNoOther() {
        ObjectNode malformed = RequestBodies.appraisal();
        RequestBodies.cpu(malformed).put("report", "AAAA");
        ObjectNode unsupported = RequestBodies.appraisal();
        RequestBodies.cpu(unsupported).put("type", "abacus");
        Answer answer = judged(
                RequestBodies.appraisal(),
                malformed,
                unsupported,
                RequestBodies.appraisal().put("polcy", "baseline"),
                RequestBodies.appraisal().put("policy", "never-heard-of"),
                RequestBodies.appraisal().put("policy_digest", "sha256:" + "0".repeat(64)),
                JsonNodeFactory.instance.textNode("not an object"),
                RequestBodies.appraisal());
        assertEquals(200, result(answer, 0).get("status").intValue());
        problem(answer, 1, 422, "evidence-malformed");
        assertEquals("cpu0", result(answer, 1).at("/body/submodule").asText());
        problem(answer, 2, 422, "evidence-unsupported");
        problem(answer, 3, 400, "request-invalid");
        assertEquals(
                "/appraisals/3/polcy", result(answer, 3).at("/body/pointer").asText());
        problem(answer, 4, 404, "policy-unknown");
        problem(answer, 5, 409, "policy-digest-differs");
        problem(answer, 6, 400, "request-invalid");
        assertEquals("/appraisals/6", result(answer, 6).at("/body/pointer").asText());
        assertEquals(200, result(answer, 7).get("status").intValue());
    }

    private static void problem(Answer answer, int at, int status, String code) {
        JsonNode result = result(answer, at);
        assertEquals(status, result.get("status").intValue(), result.toString());
        assertEquals(code, result.at("/body/code").asText(), result.toString());
        assertEquals(status, result.at("/body/status").intValue());
        PublishedSchemas.assertFits("result", "#/$defs/problem-body", result.get("body"));
    }

    @ParameterizedTest
    @CsvSource({
        "policy_digest, ?",
        "nonce, AAAA",
        "nonce, ?",
        "key, ?",
        "binding, ?",
        "at, ?",
        "policy_source, ?",
        "evidence, ?",
        "endorsements, ?",
        "policy, ''",
        "audience, ''",
    })
    void placesAreThoseOfTheBodyThatWasSent(String member, String value) {
        Answer answer =
                judged(RequestBodies.appraisal(), RequestBodies.appraisal().put(member, value));
        problem(answer, 1, 400, "request-invalid");
        assertEquals(
                "/appraisals/1/" + member, result(answer, 1).at("/body/pointer").asText());
    }

    @Test
    void allAreJudgedAtOneInstantUnlessTheySayOtherwise() {
        ObjectNode now = RequestBodies.unbound();
        now.remove("at");
        Answer answer = judged(now, RequestBodies.unbound().put("at", "2026-06-01T00:00:00Z"), now, now);
        var instants = new HashSet<String>();
        for (int i : new int[] {0, 2, 3}) {
            instants.add(result(answer, i).at("/body/evaluated_at").asText());
        }
        assertEquals(1, instants.size());
        assertEquals(
                "2026-06-01T00:00:00Z",
                result(answer, 1).at("/body/evaluated_at").asText());
    }

    @Test
    void aBatchHasOneToAsManyAsConfigured() {
        ObjectNode one = RequestBodies.appraisal();
        judged(IntStream.range(0, 8).mapToObj(_ -> one).toArray(JsonNode[]::new));
        Http.post(BATCH, batch(IntStream.range(0, 9).mapToObj(_ -> one).toArray(JsonNode[]::new)))
                .invalidAt("/appraisals");
        Http.post(BATCH, batch()).invalidAt("/appraisals");
        Http.post(BATCH, "{}").invalidAt("/appraisals");
        Http.post(BATCH, "{\"appraisals\":{}}").invalidAt("/appraisals");
        Http.post(BATCH, "{\"appraisals\":[],\"token\":true}").invalidAt("/token");
        Http.post(BATCH, "[]").invalidAt("");
        Http.post(BATCH, "").invalidAt("");
    }

    @Test
    void theBoundsOfOneRequestHoldForAll() {
        Answer deep = Http.post(BATCH, "{\"appraisals\":" + "[".repeat(32) + "]".repeat(32) + "}")
                .problem(400, "request-invalid");
        assertTrue(deep.json().get("detail").asText().contains("deep"), deep.text());
        Http.post(BATCH, " ".repeat(4 * 1024 * 1024 + 1)).problem(413, "request-too-large");
        Http.post(BATCH, "{\"appraisals\":[{\"policy\":\"a\",\"policy\":\"b\"}]}")
                .problem(400, "request-invalid");
    }

    @Test
    void itMakesNoTokenForAnybody() {
        byte[] body = batch(Machine.challengedWith(AskedBy.random(32)).attestation(RelyingParties.BACKGROUND, "either"))
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        Answer answer = Http.post(BATCH, body, Map.of("Authorization", "Bearer " + RelyingParties.SECRET))
                .ok();
        assertEquals("affirming", result(answer, 0).at("/body/status").asText());
        assertFalse(answer.text().contains("eyJ"), answer.text());
        Http.post(BATCH, body, Map.of("Accept", "application/eat+jwt")).problem(406, "not-acceptable");
    }
}
