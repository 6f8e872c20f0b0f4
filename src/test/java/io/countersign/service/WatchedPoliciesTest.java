package io.countersign.service;

import static io.countersign.service.Laboratory.KMS;
import static io.countersign.service.PolicyEdits.eventually;
import static io.countersign.service.PolicyEdits.shown;
import static io.countersign.service.RequestBodies.APPRAISALS;
import static io.countersign.service.RequestBodies.ATTESTATIONS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A policy folder that changes while the service runs. */
@QuarkusTest
@TestProfile(WatchedPolicies.class)
class WatchedPoliciesTest {
    private static final String GOOD = WatchedPolicies.pinned();
    private static final String MISSPELT = GOOD.replace("cpu.launch_measurement in", "cpu.lunch_measurement in");
    private static final String NEXT = GOOD.replace("version: \"3\"", "version: \"4\"");

    @Inject
    @ConfigProperty(name = "countersign.policies-dir")
    Path folder;

    @AfterEach
    void putTheFolderBack() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (!file.endsWith("pinned.yaml")) {
                    Files.delete(file);
                }
            }
        }
        write("pinned.yaml", GOOD);
        eventually("pinned", policy -> isVersion(policy, "3") && !policy.has("refused"));
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private static boolean isVersion(JsonNode policy, String version) {
        return policy.path("version").asText().equals(version);
    }

    private static String judgedBy() {
        JsonNode policy = Http.post(APPRAISALS, RequestBodies.unbound().put("policy", "pinned"))
                .ok()
                .json()
                .get("policy");
        return policy.get("version").asText() + " " + policy.get("digest").asText();
    }

    private static String metrics() {
        return Http.request().get("/q/metrics").asString();
    }

    private static String health() {
        return Http.get("/q/health/ready").ok().text();
    }

    @Test
    void aMisspeltFileLeavesTheOldPolicyInUseAndSaysWhatIsWrong() throws IOException {
        String before = judgedBy();
        write("pinned.yaml", MISSPELT);
        JsonNode policy = eventually("pinned", each -> each.has("refused"));
        OpenApi.assertFits("LoadedPolicy", policy);
        assertEquals("active", policy.get("state").asText());
        assertEquals(GOOD, policy.get("source").asText());
        assertEquals("pinned.yaml", policy.at("/refused/file").asText());
        JsonNode issue = policy.at("/refused/issues/0");
        assertEquals("error", issue.get("severity").asText());
        assertTrue(issue.get("rendered").asText().contains("^"), issue.toString());
        assertTrue(issue.get("suggestion").asText().contains("launch_measurement"), issue.toString());
        assertTrue(policy.get("issues").toString().contains(issue.toString()), policy.toString());
        assertEquals(before, judgedBy());
        assertTrue(before.startsWith("3 "), before);
        assertTrue(health().contains("pinned.yaml refused since"), health());
        assertTrue(metrics().contains("countersign_policies_refused{file=\"pinned.yaml\"} 1"), metrics());

        write("pinned.yaml", GOOD);
        eventually("pinned", each -> !each.has("refused"));
        assertEquals(before, judgedBy());
        assertTrue(metrics().contains("countersign_policies_refused{file=\"pinned.yaml\"} 0"), metrics());
    }

    @Test
    void aNewVersionJudgesAndTheOldFilePutBackIsARollback() throws IOException {
        JsonNode before = shown("pinned");
        write("pinned.yaml", NEXT);
        JsonNode after = eventually("pinned", policy -> isVersion(policy, "4"));
        OpenApi.assertFits("LoadedPolicy", after);
        assertNotEquals(before.get("digest"), after.get("digest"));
        assertEquals("4 " + after.get("digest").asText(), judgedBy());
        String active = metrics();
        assertTrue(active.contains(after.get("digest").asText()), active);
        assertFalse(active.contains(before.get("digest").asText()), "metrics of what is gone are gone");

        write("pinned.yaml", GOOD);
        JsonNode back = eventually("pinned", policy -> isVersion(policy, "3"));
        assertEquals(before.get("digest"), back.get("digest"));
    }

    @Test
    void aTokenNamesThePolicyThatIsInUseNow() throws IOException {
        write("pinned.yaml", NEXT);
        JsonNode after = eventually("pinned", policy -> isVersion(policy, "4"));
        Answer answer = Http.post(
                        ATTESTATIONS, Machine.challengedWith(Http.nonce()).attestation(KMS, "pinned"))
                .ok();
        assertEquals(after.get("digest"), answer.json().at("/policy/digest"));
    }

    @Test
    void aNewFileIsLoadedAndARemovedOneTakesItsPolicyWithIt() throws IOException {
        Files.createDirectory(folder.resolve("team"));
        write("team/policy.yaml", GOOD.replace("policy: pinned", "policy: team"));
        JsonNode team =
                eventually("team", policy -> policy.path("state").asText().equals("active"));
        assertEquals("team/policy.yaml", team.get("file").asText());
        assertEquals("policy", team.get("kind").asText());
        Files.delete(folder.resolve("team/policy.yaml"));
        Files.delete(folder.resolve("team"));
        eventually("team", answer -> answer.path("code").asText().equals("policy-unknown"));
        assertFalse(metrics().contains("policy=\"team\""), metrics());
    }

    @Test
    void aFileThatWasNeverGoodIsRejectedAndNamesNoPlaceOfTheMachine() throws IOException {
        write("other.yaml", MISSPELT.replace("policy: pinned", "policy: other"));
        JsonNode other =
                eventually("other", policy -> policy.path("state").asText().equals("rejected"));
        OpenApi.assertFits("LoadedPolicy", other);
        assertEquals("other.yaml", other.get("file").asText());
        assertFalse(other.toString().contains(folder.toString()), other.toString());
        Http.post(APPRAISALS, RequestBodies.unbound().put("policy", "other")).problem(404, "policy-unknown");
    }

    @Test
    void aFileThatTakesAShippedPolicysPlaceGivesItBack() throws IOException {
        JsonNode shipped = shown("cpu-only");
        assertEquals("shipped:cpu-only", shipped.get("file").asText());
        write("mine.yaml", GOOD.replace("policy: pinned", "policy: cpu-only"));
        eventually("cpu-only", policy -> policy.get("file").asText().equals("mine.yaml"));
        Files.delete(folder.resolve("mine.yaml"));
        JsonNode back = eventually("cpu-only", policy -> policy.get("file").equals(shipped.get("file")));
        assertEquals(shipped.get("digest"), back.get("digest"));
    }

    @Test
    void aFileThatIsNotUtf8IsRefused() throws IOException {
        Files.write(folder.resolve("pinned.yaml"), (GOOD + "# é\n").getBytes(StandardCharsets.ISO_8859_1));
        JsonNode policy = eventually("pinned", each -> each.has("refused"));
        assertTrue(policy.at("/refused/issues/0/message").asText().contains("UTF-8"), policy.toString());
        assertTrue(isVersion(policy, "3"), policy.toString());
    }

    @Test
    void aFolderThatVanishesKeepsEverythingAndHealthSaysSo() throws IOException {
        Path away = Files.move(folder, folder.resolveSibling(folder.getFileName() + "-away"));
        try {
            String before = shown("pinned").get("digest").asText();
            eventually("pinned", _ -> health().contains("folder trouble"));
            assertEquals("3 " + before, judgedBy());
        } finally {
            Files.move(away, folder);
        }
        eventually("pinned", _ -> !health().contains("folder trouble"));
    }
}
