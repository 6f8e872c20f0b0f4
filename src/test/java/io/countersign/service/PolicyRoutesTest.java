package io.countersign.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is loaded, and drafts. */
@QuarkusTest
@TestProfile(Laboratory.class)
class PolicyRoutesTest {
    private static final String DRAFT = """
            policy: draft
            version: "0"
            summary: Tried once.
            expect: { cpu: { types: [sev-snp] } }
            rules:
              - name: guest cannot be debugged
                for: cpu
                require: '!cpu.debug'
                sets: configuration
                because: It is a secret.
            """;

    private static Answer draft(String source) {
        ObjectNode body = RequestBodies.appraisal();
        body.remove("policy");
        return Http.post("/v1/appraisals", body.put("policy_source", source));
    }

    @Test
    void everyFileIsListedWithItsState() {
        JsonNode list = Http.get("/v1/policies").ok().json();
        OpenApi.assertFits("PolicyList", list);
        var states = new LinkedHashMap<String, String>();
        var workloads = new LinkedHashMap<String, String>();
        list.get("policies").forEach(entry -> {
            states.put(entry.get("id").asText(), entry.get("state").asText());
            workloads.put(entry.get("id").asText(), entry.path("workload").asText());
        });
        for (String id : new String[] {
            "baseline",
            "cpu-only",
            "confidential-gpu",
            "confidential-gpu-strict",
            "pinned",
            "any",
            "plain-nonce",
            "warns",
            "expiring",
            "pins-nothing"
        }) {
            assertEquals("active", states.get(id), id);
        }
        assertEquals("rejected", states.get("broken"));
        assertEquals("pinned", workloads.get("pinned"));
        assertEquals("any", workloads.get("any"));
        assertEquals("not-pinned", workloads.get("baseline"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"baseline", "pinned", "any"})
    void oneIsShownWithItsText(String id) {
        JsonNode policy = Http.get("/v1/policies/" + id).ok().json();
        OpenApi.assertFits("LoadedPolicy", policy);
        OpenApi.assertFits("Digest", policy.get("digest"));
        assertTrue(policy.get("source").asText().contains("policy: " + id + "\n"));
    }

    @Test
    void theDigestIsTheOneThatResultsName() {
        Answer answer = Http.post("/v1/appraisals", RequestBodies.appraisal()).ok();
        assertEquals(
                Http.get("/v1/policies/baseline").json().get("digest"),
                answer.json().at("/policy/digest"));
    }

    @Test
    void aRefusedOneSaysWhereItIsWrong() {
        JsonNode broken = Http.get("/v1/policies/broken").ok().json();
        OpenApi.assertFits("LoadedPolicy", broken);
        JsonNode issue = broken.at("/issues/0");
        assertEquals(8, issue.get("line").intValue());
        assertTrue(issue.get("rendered").asText().contains("^"), issue.toString());
        assertTrue(issue.get("suggestion").asText().contains("debug"), issue.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "Baseline", "baseline.yaml", "%2e%2e%2fbaseline"})
    void anotherIsUnknown(String id) {
        Http.get("/v1/policies/" + id).problem(404, "policy-unknown");
    }

    @Test
    void aDraftJudgesAndIsMarkedAsOne() {
        Answer answer = draft(DRAFT).ok();
        assertEquals("draft", answer.json().at("/policy/id").asText());
        assertTrue(answer.json().at("/policy/draft").booleanValue());
        assertEquals("passed", answer.rules().get("guest cannot be debugged"));
        assertTrue(!Http.post("/v1/appraisals", RequestBodies.appraisal())
                .json()
                .at("/policy")
                .has("draft"));
    }

    @Test
    void aDraftWithMistakesIsRefusedWithAllOfThem() {
        Answer answer = draft(
                        DRAFT.replace("cpu.debug", "cpu.debg").replace("sets: configuration", "sets: confguration"))
                .invalidAt("/policy_source");
        assertEquals(2, answer.json().get("issues").size(), answer.text());
        for (JsonNode issue : answer.json().get("issues")) {
            assertTrue(issue.get("line").intValue() > 5 && issue.get("column").intValue() > 1, issue.toString());
            assertTrue(issue.get("rendered").asText().contains("^"), issue.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "policy",
                "[]",
                "policy: [",
                "- a\n- b\n",
                "policy: x\npolicy: y\n",
                "a: &a [*a]\n",
                "!!python/name:os.system x"
            })
    void whatIsNoPolicyIsRefusedAsOne(String source) {
        assertTrue(
                !draft(source).invalidAt("/policy_source").json().get("issues").isEmpty());
    }

    @Test
    void aDraftDrawsInNothing() {
        Answer answer = draft("policy: draft\nversion: \"0\"\nsummary: s\nextends: [baseline]\n")
                .invalidAt("/policy_source");
        assertEquals(4, answer.json().at("/issues/0/line").intValue(), answer.text());
    }

    @Test
    void aDraftHas64KibibytesAtMost() {
        String comment = "# " + "x".repeat(64 * 1024 - DRAFT.length() - 3) + "\n";
        assertEquals(64 * 1024, (comment + DRAFT).length());
        draft(comment + DRAFT).ok();
        draft("#" + comment + DRAFT).invalidAt("/policy_source");
    }
}
