package io.countersign.service;

import static io.countersign.service.RequestBodies.APPRAISALS;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are no JSON as the contract takes it, and members that no route knows. */
@QuarkusTest
@TestProfile(Laboratory.class)
class RequestTextTest {
    private static final String GOOD = RequestBodies.appraisal().toString();

    @ParameterizedTest
    @ValueSource(strings = {APPRAISALS, "/v1/attestations", "/v1/evidence/show"})
    void anEmptyBodyIsNoRequest(String path) {
        Http.post(path, new byte[0]).invalidAt("");
        Http.read(Http.request().contentType("application/json").post(path)).invalidAt("");
    }

    @Test
    void blanksAreAnEmptyBody() {
        Http.post(APPRAISALS, " \n\t ").invalidAt("");
    }

    @Test
    void badUtf8IsRefused() {
        byte[] body = GOOD.getBytes(UTF_8);
        body[body.length / 2] = (byte) 0xFF;
        Http.post(APPRAISALS, body).invalidAt("");
        Http.post(APPRAISALS, new byte[] {'{', '"', (byte) 0xC0, (byte) 0x80, '"', ':', '1', '}'})
                .invalidAt("");
        // A lone surrogate, encoded as if it were a character.
        Http.post(APPRAISALS, new byte[] {'{', '"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"', ':', '1', '}'})
                .invalidAt("");
    }

    @Test
    void utf16IsRefused() {
        Http.post(APPRAISALS, GOOD.getBytes(UTF_16)).invalidAt("");
        Http.post(APPRAISALS, GOOD.getBytes(UTF_16LE)).invalidAt("");
    }

    @Test
    void aByteOrderMarkIsRefused() {
        Http.post(APPRAISALS, "\uFEFF" + GOOD).invalidAt("");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "true",
                "17",
                "\"text\"",
                "[{\"evidence\":{}}]",
            })
    void anythingButAnObjectIsRefused(String body) {
        Http.post(APPRAISALS, body).invalidAt("");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"evidence\"",
                "{\"evidence\":}",
                "{'evidence':{}}",
                "{evidence:{}}",
                "{\"at\":NaN}",
                "{\"at\":01}",
                "{\"at\":\"\t\"}",
                "{\"at\":\"\\x\"}",
                "{\"a\":1,}",
                "/* c */ {}",
                "{\"evidence\":{\"cpu0\":{\"type\":\"sev-snp\"",
            })
    void whatIsNotJsonIsRefused(String body) {
        Http.post(APPRAISALS, body).problem(400, "request-invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", " x", "]", "}", "\u0000", ",", "\"\""})
    void textAfterTheObjectIsRefused(String after) {
        Http.post(APPRAISALS, GOOD + after).invalidAt("");
    }

    @Test
    void blanksAroundTheObjectAreNothing() {
        Http.post(APPRAISALS, "\r\n\t " + GOOD + " \n").ok();
    }

    @Test
    void thirtyTwoLevelsAreReadAndOneMoreIsNot() {
        // 32 levels are read, so the complaint is about the member and not about the depth.
        Http.post(APPRAISALS, nested(31)).invalidAt("/deep");
        Answer deeper = Http.post(APPRAISALS, nested(32)).problem(400, "request-invalid");
        assertEquals(true, deeper.json().get("detail").asText().contains("deep"), deeper.text());
        Http.post(APPRAISALS, nested(200_000)).problem(400, "request-invalid");
        Http.post(APPRAISALS, "[".repeat(1_000_000)).problem(400, "request-invalid");
    }

    private static String nested(int levels) {
        return "{\"deep\":" + "[".repeat(levels) + "]".repeat(levels) + "}";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                "policy":"baseline",  | "policy":"baseline","policy":"baseline", | /policy
                "type":"sev-snp",     | "type":"sev-snp","type":"sev-snp",       | /evidence/cpu0/type
                "crl":                | "crl":"AAAA","crl":                      | /endorsements/amd/crl
                "cpu0":               | "cpu0":{},"cpu0":                        | /evidence/cpu0
                "policy":"baseline",  | "polic\\u0079":"x","policy":"baseline",  | /policy
                """)
    void aMemberThatStandsTwiceIsRefused(String once, String twice, String pointer) {
        String body = GOOD.replace(once.strip(), twice.strip());
        Http.post(APPRAISALS, body).invalidAt(pointer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/evidence/cpu0", "/endorsements", "/endorsements/amd"})
    void aMemberThatNobodyReadsIsRefusedAtEveryLevel(String place) {
        ObjectNode body = RequestBodies.appraisal();
        ((ObjectNode) body.at(place)).put("polcy", "baseline");
        Http.post(APPRAISALS, body).invalidAt(place + "/polcy");
        body = RequestBodies.appraisal();
        ((ObjectNode) body.at(place)).putNull("a/b~c");
        Http.post(APPRAISALS, body).invalidAt(place + "/a~1b~0c");
    }

    @Test
    void aMemberThatNobodyReadsIsRefusedInKeysIntelAndNvidia() {
        ObjectNode body = RequestBodies.appraisal();
        body.putObject("key")
                .put("kty", "OKP")
                .put("crv", "X25519")
                .put("x", "A".repeat(43))
                .put("x5u", "http://x");
        Http.post(APPRAISALS, body).invalidAt("/key/x5u");
        body = RequestBodies.appraisal();
        body.withObject("/endorsements/intel").put("sgx_crl", "AAAA");
        Http.post(APPRAISALS, body).invalidAt("/endorsements/intel/sgx_crl");
        body = RequestBodies.appraisal();
        body.withObject("/endorsements/nvidia").put("rim", "AAAA");
        Http.post(APPRAISALS, body).invalidAt("/endorsements/nvidia/rim");
    }

    @ParameterizedTest
    @ValueSource(strings = {"at", "policy_source", "token", "status"})
    void attestationsTakeNothingThatOnlyAppraisalsTake(String member) {
        Http.post("/v1/attestations", RequestBodies.attestation().put(member, "x"))
                .invalidAt("/" + member);
    }

    @Test
    void otherRoutesRefuseWhatTheyDoNotReadToo() {
        Http.post("/v1/evidence/show", RequestBodies.appraisal()).invalidAt("/policy");
        Http.post("/v1/challenges", "{\"audience\":\"a\",\"nonce\":\"b\"}").invalidAt("/nonce");
        Http.post("/v1/challenges", "{\"audience\":\"a\",\"audience\":\"a\"}").invalidAt("/audience");
        Http.post("/v1/challenges", "{\"audience\":17}").invalidAt("/audience");
        Http.post("/v1/challenges", "{\"policy\":null}").invalidAt("/policy");
        Http.post("/v1/challenges", "{\"policy\":\"" + "p".repeat(513) + "\"}").invalidAt("/policy");
        Http.post("/v1/challenges", "[]").invalidAt("");
        Http.post("/v1/challenges", "{").problem(400, "request-invalid");
    }

    @Test
    void theHintOfARefusedBodyLeadsToTheSchema() {
        Answer answer = Http.post(APPRAISALS, "{}").invalidAt("/evidence");
        assertEquals(true, answer.json().get("hint").asText().contains("/v1/schemas/request.json"));
        assertEquals(200, Http.get("/v1/schemas/request.json").status());
    }

    @Test
    void anUnknownHeaderChangesNothing() {
        Http.post(APPRAISALS, GOOD.getBytes(UTF_8), Map.of("X-Forwarded-For", "junk, \"more\""))
                .ok();
    }
}
