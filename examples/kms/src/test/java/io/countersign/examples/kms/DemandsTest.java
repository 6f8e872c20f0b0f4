package io.countersign.examples.kms;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.oauth2.jwt.Jwt;

/** Good tokens that are not good enough. */
class DemandsTest extends KmsTest {
    @Override
    Map<String, String> settings() {
        return Map.of("kms.secrets.model-key.gpu-count", "8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "warning", "contraindicated", "Affirming", ""})
    void aStatusThatIsNotAffirming(String status) throws Exception {
        Expect.refused(403, "status-not-affirming", releaseAfter(claims -> claims.put("ear_status", status)));
    }

    @Test
    void oneDeviceThatIsNotAffirming() throws Exception {
        Expect.refused(
                403,
                "device-not-affirming",
                releaseAfter(claims -> claims.put(
                        "submods",
                        Map.of("cpu0", Map.of("ear_status", "affirming"), "gpu0", Map.of("ear_status", "warning")))));
        Expect.refused(
                403,
                "device-not-affirming",
                releaseAfter(claims ->
                        claims.put("submods", Map.of("cpu0", Map.of("ear_status", "affirming"), "gpu0", Map.of()))));
        Expect.refused(403, "device-not-affirming", releaseAfter(claims -> claims.put("submods", Map.of())));
    }

    @Test
    void anotherPolicy() throws Exception {
        Expect.refused(403, "policy-differs", releaseAfter(claims -> claims.put("countersign_policy_id", "demo")));
    }

    @Test
    void thePolicyAsItWasEditedSince() throws Exception {
        String edited = "sha256:" + "cd".repeat(32);
        var problem = Expect.refused(
                403, "policy-differs", releaseAfter(claims -> claims.put("countersign_policy_digest", edited)));
        assertEquals(GoodToken.POLICY + " " + edited, problem.path("found").asString());
    }

    @Test
    void aKeyThatTheEvidenceDoesNotCommitTo() throws Exception {
        Expect.refused(403, "key-not-bound", releaseAfter(claims -> claims.put("countersign_key_bound", false)));
        Expect.refused(403, "key-not-bound", releaseAfter(claims -> claims.put("countersign_key_bound", "true")));
    }

    @Test
    void anyWorkload() throws Exception {
        Expect.refused(403, "workload-not-pinned", releaseAfter(claims -> claims.put("countersign_workload", "any")));
    }

    @ParameterizedTest
    @CsvSource({"7", "9", "0"})
    void anotherNumberOfGpus(int count) throws Exception {
        Expect.refused(403, "gpu-count-differs", releaseAfter(claims -> claims.put("countersign_gpu_count", count)));
    }

    @Test
    void aNumberThatIsText() throws Exception {
        Expect.refused(403, "gpu-count-differs", releaseAfter(claims -> claims.put("countersign_gpu_count", "8")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"caller", "none"})
    void anotherFreshness(String freshness) throws Exception {
        Expect.refused(
                403, "freshness-differs", releaseAfter(claims -> claims.put("countersign_freshness", freshness)));
    }

    /** Outside of a laboratory issuers speak https only, so this one is asked without HTTP. */
    @Test
    void restingOnLaboratoryAnchors(@TempDir Path folder) throws Exception {
        Expect.released(releaseAfter(claims -> claims.put("countersign_insecure", true)), recipient);
        Files.writeString(folder.resolve(RunningKms.NAME), RunningKms.SECRET);
        var secret = new Settings.Secret(List.of(new Settings.Policy(GoodToken.POLICY, null)), 8L, Set.of("challenge"));
        var demands = new Demands(new Settings(
                URI.create("https://countersign.example"),
                GoodToken.AUDIENCE,
                false,
                new Settings.Keys(Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofSeconds(3)),
                new Settings.Introspection(false, null, null, true, Duration.ofSeconds(2)),
                folder,
                Map.of(RunningKms.NAME, secret)));
        assertDoesNotThrow(() -> demands.meet(jwt(Map.of()), secret));
        for (Object insecure : List.of(true, false, "")) {
            var refused = assertThrows(
                    Refusal.RefusedException.class,
                    () -> demands.meet(jwt(Map.of("countersign_insecure", insecure)), secret));
            assertEquals("token-insecure", refused.refusal().code());
            assertEquals(403, refused.refusal().status());
        }
    }

    private Jwt jwt(Map<String, Object> further) {
        Map<String, Object> claims = claims();
        claims.put("countersign_gpu_count", 8L);
        claims.putAll(further);
        claims.keySet().removeAll(Set.of("iat", "exp", "nbf"));
        return new Jwt("verified already", null, null, Map.of("alg", "ES256"), claims);
    }
}
