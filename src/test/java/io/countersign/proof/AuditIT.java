package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JWSObject;
import io.countersign.insecure.DemoAttester;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service, killed under load and on a full disk: whatever was answered stands in the log. */
class AuditIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CLIENTS = 6;
    private static final int TOKENS_BEFORE_THE_END = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder = Path.of("");

    private Path log() {
        return folder.resolve("log");
    }

    private Map<String, String> settings() {
        return Map.of("countersign.audit.to", log().toString());
    }

    private List<JsonNode> lines() throws IOException {
        var lines = new ArrayList<JsonNode>();
        try (var files = Files.list(log())) {
            for (Path file : files.filter(each -> each.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList()) {
                for (String line : Files.readString(file).lines().toList()) {
                    if (line.endsWith("}")) { // a killed service leaves one that does not
                        lines.add(JSON.readTree(line));
                    }
                }
            }
        }
        return lines;
    }

    private Set<String> issued() throws IOException {
        var ids = new HashSet<String>();
        for (JsonNode line : lines()) {
            if (line.path("kind").asText().equals("attestation")
                    && line.path("outcome").asText().equals("ok")) {
                ids.add(line.at("/token/jti").asText());
            }
        }
        return ids;
    }

    private static String tokenId(Attesting.Said said) throws Exception {
        return String.valueOf(
                JWSObject.parse(said.token()).getPayload().toJSONObject().get("jti"));
    }

    private Programs.Ran verify(PackagedService service, String... more) throws IOException, InterruptedException {
        Path app = Path.of("target", "quarkus-app").toAbsolutePath();
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                "%s/app/*:%s/lib/main/*:%s/lib/boot/*".formatted(app, app, app),
                "io.countersign.cli.Main",
                "audit",
                "verify",
                log().toString()));
        command.addAll(List.of(more));
        return Programs.run(command, Map.of(), service.folder());
    }

    @Test
    void everythingThatWasAnsweredBeforeAKillStandsInTheLog() throws Exception {
        DemoAttester amd = DemoAttester.start(new SecureRandom(), Instant.now());
        var machine = new Attesting(amd);
        Set<String> answered = ConcurrentHashMap.newKeySet();
        var over = new AtomicBoolean();
        try (PackagedService service = PackagedService.start(amd, settings());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < CLIENTS; client++) {
                var _ = threads.submit(() -> {
                    while (!over.get()) {
                        Attesting.Said said = Attesting.post(service, machine.request(Attesting.challenge(service)));
                        if (said.accepted()) {
                            answered.add(tokenId(said));
                        }
                    }
                    return null;
                });
            }
            Instant late = Instant.now().plus(PATIENCE);
            while (answered.size() < TOKENS_BEFORE_THE_END) {
                assertTrue(Instant.now().isBefore(late), () -> "only " + answered.size() + " tokens");
                Thread.sleep(Duration.ofMillis(20));
            }
            service.kill();
            over.set(true);
        }
        var missing = new HashSet<>(answered);
        missing.removeAll(issued());
        assertEquals(Set.of(), missing);
        // The next start goes on, and what the kill left behind is explained.
        try (PackagedService service = PackagedService.start(amd, settings())) {
            Attesting.Said said = Attesting.post(service, machine.request(Attesting.challenge(service)));
            assertTrue(said.accepted(), said.body());
            assertTrue(issued().contains(tokenId(said)));
        }
        try (PackagedService service = PackagedService.start(amd, settings())) {
            Programs.Ran ran = verify(service);
            assertEquals(0, ran.exit(), ran.output());
            assertTrue(
                    lines().stream().anyMatch(line -> line.path("kind").asText().equals("stop")), "it was stopped");
        }
    }

    @Test
    void aDiskWithoutRoomRefusesUntilThereIsSome() throws Exception {
        Programs.assumeInstalled("prlimit");
        DemoAttester amd = DemoAttester.start(new SecureRandom(), Instant.now());
        var machine = new Attesting(amd);
        try (PackagedService service = PackagedService.start(amd, settings())) {
            assertTrue(Attesting.post(service, machine.request(Attesting.challenge(service)))
                    .accepted());
            // Files may not grow beyond what this one has, as on a disk without room: write(2) says EFBIG.
            long size = Files.size(log().resolve("audit-000001.jsonl")) + 100;
            limit(service, size + ":unlimited");
            String request = machine.request(Attesting.challenge(service));
            Attesting.Said refused = Attesting.post(service, request);
            assertTrue(refused.is(503, "audit-unavailable") && refused.retryAfter(), refused.body());
            assertTrue(!refused.body().contains("\"token\""), refused.body());
            assertEquals(503, service.get("/q/health/ready").statusCode());
            assertEquals(200, service.get("/q/health/live").statusCode());
            assertTrue(service.get("/q/metrics").body().contains("countersign_audit_up 0.0"));
            limit(service, "unlimited:unlimited");
            Instant late = Instant.now().plus(PATIENCE);
            while (service.get("/q/health/ready").statusCode() != 200) {
                assertTrue(Instant.now().isBefore(late), "it stays away though there is room");
                Thread.sleep(Duration.ofMillis(100));
            }
            Attesting.Said answered = Attesting.post(service, request);
            assertTrue(answered.accepted(), answered.body());
            assertTrue(issued().contains(tokenId(answered)));
            Programs.Ran ran = verify(service);
            assertEquals(0, ran.exit(), ran.output());
        }
        JsonNode gap = lines().stream()
                .filter(line -> line.path("kind").asText().equals("gap"))
                .findFirst()
                .orElseThrow();
        assertTrue(gap.get("decisions").asInt() >= 1, gap.toString());
    }

    private static void limit(PackagedService service, String fileSize) throws IOException, InterruptedException {
        Programs.Ran ran = Programs.run(
                List.of("prlimit", "--pid", Long.toString(service.pid()), "--fsize=" + fileSize),
                Map.of(),
                service.folder());
        assertEquals(0, ran.exit(), ran.output());
    }
}
