package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.countersign.chart.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the chart renders, run: two replicas with one Redis, one Secret of keys and one ConfigMap of policies, which change as
 * the kubelet changes them, while nobody is restarted.
 */
class ChartRunsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEYS = "signing-keys";

    private static final List<AutoCloseable> OPENED = new ArrayList<>();
    private static Attester attester;
    private static Path keys;
    private static List<MountedPod> replicas;

    @BeforeAll
    static void install() throws Exception {
        RedisProcess redis = opened(RedisProcess.start());
        attester = Attester.start();
        keys = Files.createTempDirectory("countersign-keys-").resolve("keys");
        KeyCommand.run(keys, "rotate");
        byte[] challenge = new byte[32];
        new SecureRandom().nextBytes(challenge);
        var release = release(PackagedService.policy(attester.amd().measurement()));
        Map<String, Map<String, String>> secrets = Map.of(
                KEYS,
                ring(),
                "challenges",
                Map.of("secret", HexFormat.of().formatHex(challenge)),
                "redis",
                Map.of("url", redis.url()));
        replicas = List.of(opened(MountedPod.start(release, secrets)), opened(MountedPod.start(release, secrets)));
    }

    private static <T extends AutoCloseable> T opened(T closeable) {
        OPENED.addFirst(closeable);
        return closeable;
    }

    @AfterAll
    static void remove() throws Exception {
        for (AutoCloseable each : OPENED) {
            each.close();
        }
    }

    private static Release release(String policy) throws IOException {
        ObjectNode values =
                JSON.createObjectNode().put("issuer", "https://attest.example").put("replicas", 2);
        values.putObject("image")
                .put("repository", "registry.example/countersign")
                .put("tag", "0.1.0");
        values.putObject("signingKeys").put("secret", KEYS).put("poll", "1s");
        values.putObject("redis").put("secret", "redis");
        values.putObject("challenges").put("secret", "challenges");
        values.putObject("networkPolicy").putArray("redis").addObject().putObject("podSelector");
        values.putObject("collateral").put("offline", true);
        values.putObject("insecure")
                .put("enabled", true)
                .put("because", "nothing here is attested by genuine hardware")
                .put("anchors", attester.amd().anchorsPem());
        values.putObject("audiences")
                .putObject("kms")
                .put("uri", PackagedService.AUDIENCE)
                .putArray("policies")
                .add(PackagedService.POLICY);
        values.putObject("policies").put("poll", "1s").putObject("files").put(PackagedService.POLICY + ".yaml", policy);
        return Release.of(new YAMLMapper().writeValueAsString(values));
    }

    /** What {@code kubectl create secret generic … --from-file=keys} would take. */
    private static Map<String, String> ring() throws IOException {
        var files = new TreeMap<String, String>();
        try (var all = Files.list(keys)) {
            for (Path file : all.toList()) {
                files.put(String.valueOf(file.getFileName()), Files.readString(file));
            }
        }
        return files;
    }

    private record Attested(String keyId, String policyDigest) {}

    /** The challenge comes from one replica and is spent at the other. */
    private static Attested attest(MountedPod here, MountedPod there) throws Exception {
        var machine = new Attesting(attester.amd());
        var said = Attesting.post(there.service(), machine.request(Attesting.challenge(here.service())));
        assertTrue(said.accepted(), said.body());
        return new Attested(
                Jws.of(said.token()).keyId(),
                JSON.readTree(said.body()).path("policy").path("digest").asText());
    }

    private static void await(String what, Callable<Boolean> holds) throws Exception {
        Instant until = Instant.now().plus(PATIENCE);
        while (!holds.call()) {
            assertTrue(Instant.now().isBefore(until), "not within " + PATIENCE + ": " + what);
            Thread.sleep(Duration.ofMillis(100));
        }
    }

    @Test
    void followsPoliciesAndKeysLiveAndNeedsToWriteNeither() throws Exception {
        MountedPod first = replicas.getFirst();
        MountedPod second = replicas.getLast();
        Attested before = attest(first, second);
        assertEquals(before, attest(second, first));

        changePolicy(before);
        Attested judged = attest(first, second);
        assertNotEquals(before.policyDigest(), judged.policyDigest());
        assertEquals(before.keyId(), judged.keyId());
        assertEquals(judged, attest(second, first));

        KeyCommand.run(keys, "rotate", "--in", "3s", "--force-short-overlap");
        for (MountedPod each : replicas) {
            each.update("/etc/countersign/keys", ring());
        }
        for (MountedPod each : replicas) {
            await("the next key signs", () -> !attest(first, each).keyId().equals(before.keyId()));
        }
        Attested after = attest(first, second);
        assertEquals(after, attest(second, first));
        assertEquals(judged.policyDigest(), after.policyDigest());
        for (MountedPod each : replicas) {
            String published = each.service().get("/.well-known/jwks.json").body();
            assertTrue(published.contains(before.keyId()) && published.contains(after.keyId()), published);
        }
        theLogSaysNothingThatWouldWorryAnybody();
    }

    private static void changePolicy(Attested before) throws Exception {
        String text = PackagedService.policy(attester.amd().measurement()).replace("version: \"1\"", "version: \"2\"");
        var changed = release(text);
        assertEquals(
                release(PackagedService.policy(attester.amd().measurement())).template(),
                changed.template(),
                "a change of policies must not roll the pods");
        Map<String, String> files = changed.files(changed.configMapAt("/etc/countersign/policies"));
        for (MountedPod each : replicas) {
            each.update("/etc/countersign/policies", files);
        }
        for (MountedPod each : replicas) {
            await("the changed policy is in use", () -> {
                JsonNode policy =
                        JSON.readTree(each.service().get("/v1/policies/proof").body());
                return policy.path("version").asText().equals("2")
                        && !policy.path("digest").asText().equals(before.policyDigest());
            });
        }
    }

    private static void theLogSaysNothingThatWouldWorryAnybody() throws IOException {
        for (MountedPod each : replicas) {
            String log = each.service().log();
            assertFalse(log.contains("ERROR"), log);
            assertFalse(log.contains("chmod"), log);
            assertFalse(log.contains("not as configured"), log);
            assertTrue(log.contains("INSECURE"), log);
        }
    }

    @Test
    void answersWhereTheProbesAsk() throws Exception {
        var container =
                release(PackagedService.policy(attester.amd().measurement())).container();
        for (var probe :
                List.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe())) {
            assertEquals(
                    200,
                    replicas.getFirst()
                            .service()
                            .get(probe.getHttpGet().getPath())
                            .statusCode());
        }
        assertEquals(200, replicas.getFirst().service().get("/q/metrics").statusCode());
    }
}
