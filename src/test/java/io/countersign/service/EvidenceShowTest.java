package io.countersign.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.testkit.Fixtures;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every field of evidence by name, and nothing judged. */
@QuarkusTest
@TestProfile(Laboratory.class)
class EvidenceShowTest {
    private static Answer show(String fixture) {
        ObjectNode body = Fixtures.named("sev-snp/" + fixture).request().deepCopy();
        return Http.post("/v1/evidence/show", RequestBodies.evidenceOf(body));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"milan-v3", "turin-v5", "genoa-v3", "signed-by-another-key", "debug-allowed", "vek-self-signed"})
    void everyByteOfAReportIsShownOnceWhateverItIsWorth(String fixture) {
        JsonNode shown = show(fixture).ok().json();
        OpenApi.assertFits("ShownEvidence", shown);
        assertFalse(shown.get("authenticated").booleanValue());
        assertEquals("sev-snp", shown.at("/submods/cpu0/type").asText());
        int next = 0;
        for (JsonNode field : shown.at("/submods/cpu0/fields")) {
            if (field.get("structure").asText().equals("ATTESTATION_REPORT")) {
                assertEquals(next, field.get("offset").intValue(), field.toString());
                next += field.get("length").intValue();
            }
        }
        assertEquals(1184, next);
    }

    @Test
    void nothingIsJudged() {
        String text = show("milan-v3").text();
        for (String word : new String[] {"affirming", "outcome", "genuine", "passed"}) {
            assertFalse(text.contains(word), word);
        }
        assertTrue(text.contains("\"name\":\"MEASUREMENT\""), text);
    }

    @Test
    void whatDoesNotParseIsAProblemHereToo() {
        show("one-byte-too-many").problem(422, "evidence-malformed");
        show("version-6").problem(422, "evidence-unsupported");
        Http.post("/v1/evidence/show", "{\"evidence\":{}}").invalidAt("/evidence");
    }
}
