package io.countersign.service;

import static io.countersign.service.Laboratory.KMS;
import static io.countersign.service.PolicyEdits.eventually;
import static io.countersign.service.PolicyEdits.shown;
import static io.countersign.service.RequestBodies.APPRAISALS;
import static io.countersign.service.RequestBodies.ATTESTATIONS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A file with tests of its own, edited while the service runs: what fails its tests never counts. */
@QuarkusTest
@TestProfile(WatchedPolicies.class)
class LastGoodPolicyTest {
    private static final String GOOD = WatchedPolicies.pinned();
    private static final String TESTED = GOOD + """
            tests:
              - name: the approved image gets a token
                case: fixture:sev-snp/milan-v5
                with: { cpu0.launch_measurement: %s }
                expect: { status: affirming, token: allowed }
            """.formatted(Machine.AMD.measurement());
    private static final String VALUES = """
            values: images
            version: "1"
            summary: Images.
            references:
              released:
                claim: launch_measurement
                note: released
            %s    values: ["%s"]
            """;
    private static final String READING = """
            policy: reading
            version: "1"
            summary: Reads a values file.
            extends: [baseline]
            values-from: [images]
            rules:
              - name: image is released
                for: cpu
                require: cpu.launch_measurement in references.released
                sets: executables
                because: Only released images.
            tests:
              - name: a released image gets a token
                case: fixture:sev-snp/milan-v5
                with: { cpu0.launch_measurement: %s }
                expect: { status: affirming, token: allowed }
            """.formatted(Machine.AMD.measurement());

    @Inject
    @ConfigProperty(name = "countersign.policies-dir")
    Path folder;

    @AfterEach
    void putTheFolderBack() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        write("pinned.yaml", GOOD);
        eventually("pinned", policy -> policy.path("source").asText().equals(GOOD) && !policy.has("refused"));
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private static JsonNode error(JsonNode policy) {
        for (JsonNode issue : policy.at("/refused/issues")) {
            if (issue.get("severity").asText().equals("error")) {
                return issue;
            }
        }
        throw new AssertionError("refused without an error: " + policy);
    }

    private static String digest(String id) {
        return shown(id).get("digest").asText();
    }

    private static String judgedBy(String id) {
        return Http.post(APPRAISALS, RequestBodies.unbound().put("policy", id))
                .ok()
                .json()
                .at("/policy/digest")
                .asText();
    }

    private static String listed(String id) {
        for (JsonNode each : Http.get("/v1/policies").ok().json().get("policies")) {
            if (each.get("id").asText().equals(id)) {
                return each.path("digest").asText();
            }
        }
        throw new AssertionError(id + " is not listed");
    }

    @Test
    void anEditThatFailsItsOwnTestIsRefusedAtTheTestsLineAndHealsWhenPutBack() throws IOException {
        write("pinned.yaml", TESTED);
        eventually("pinned", policy -> policy.path("source").asText().equals(TESTED));
        String before = digest("pinned");
        String edited = TESTED.replace(
                "require: cpu.launch_measurement in references.approved_images",
                "require: '!(cpu.launch_measurement in references.approved_images)'");
        assertNotEquals(TESTED, edited);
        write("pinned.yaml", edited);
        JsonNode refused = eventually("pinned", policy -> policy.has("refused"));
        JsonNode issue = error(refused);
        assertEquals(
                "  - name: the approved image gets a token",
                edited.lines().skip(issue.get("line").asInt() - 1L).findFirst().orElse(""));
        String message = issue.get("message").asText();
        assertTrue(message.contains("\"the approved image gets a token\" fails"), message);
        assertTrue(message.contains("expected the status affirming, came out contraindicated"), message);
        assertTrue(message.contains("\"image is approved\" on cpu0 failed"), message);
        assertTrue(message.contains("token is allowed, but it is refused"), message);
        assertEquals(TESTED, refused.get("source").asText());
        assertEquals(before, refused.get("digest").asText());
        assertEquals(before, judgedBy("pinned"));
        assertEquals(before, listed("pinned"));
        Answer minted = Http.post(
                        ATTESTATIONS, Machine.challengedWith(Http.nonce()).attestation(KMS, "pinned"))
                .ok();
        assertEquals(before, minted.json().at("/policy/digest").asText());

        write("pinned.yaml", TESTED);
        eventually("pinned", policy -> !policy.has("refused"));
        assertEquals(before, judgedBy("pinned"));
    }

    @Test
    void valuesThatAreBadOrEndedLeaveTheLastGoodPolicyInUse() throws IOException {
        String measurement = Machine.AMD.measurement().toString();
        write("images.yaml", VALUES.formatted("", measurement));
        write("reading.yaml", READING);
        eventually("reading", policy -> policy.path("state").asText().equals("active"));
        String before = digest("reading");

        write("images.yaml", VALUES.formatted("", measurement).replace("launch_measurement", "lunch_measurement"));
        JsonNode values = eventually("images", each -> each.has("refused"));
        assertTrue(error(values).get("suggestion").asText().contains("launch_measurement"), values.toString());
        assertEquals(before, judgedBy("reading"));

        write("images.yaml", VALUES.formatted("    expires: 2020-01-01T00:00:00Z\n", measurement));
        JsonNode reading = eventually("reading", each -> each.has("refused"));
        assertTrue(error(reading).get("message").asText().contains("expired"), reading.toString());
        assertEquals(before, digest("reading"));
        assertEquals(before, judgedBy("reading"));
        assertEquals(before, listed("reading"));

        write("images.yaml", VALUES.formatted("", measurement));
        eventually("reading", each -> !each.has("refused"));
        assertEquals(before, judgedBy("reading"));
    }

    /** The audience names it, its rules are met, it pins what runs: being a shadow alone keeps tokens from it. */
    @Test
    void aShadowNeverMintsAndItsVerdictsAreCounted() throws IOException {
        write(
                "shadow.yaml",
                GOOD.replace("policy: pinned", "policy: never-written")
                        .replace("extends:", "shadow-of: pinned\nextends:"));
        eventually("never-written", policy -> policy.path("state").asText().equals("active"));
        Http.post(ATTESTATIONS, Machine.challengedWith(Http.nonce()).attestation(KMS, "never-written"))
                .problem(403, "policy-not-allowed");
        Http.post(ATTESTATIONS, Machine.challengedWith(Http.nonce()).attestation(KMS, "pinned"))
                .ok();
        eventually("pinned", _ -> metrics()
                .lines()
                .anyMatch(line -> line.startsWith("countersign_shadow_judged")
                        && line.contains("shadow=\"never-written\"")
                        && line.contains("same")));
    }

    private static String metrics() {
        return Http.request().get("/q/metrics").asString();
    }
}
