package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.clients.BootClient;
import io.countersign.clients.BootClient.Ran;
import io.countersign.insecure.DemoGpus;
import io.countersign.insecure.DiskMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The boot client in shell, on machines that are played, against the packaged service. */
class ShellClientIT {
    private static final String GPUS = "demo-gpus";

    private static DiskMachine.Makers makers;
    private static PackagedService service;

    private Path folder;

    @BeforeEach
    void make(@TempDir Path temporary) {
        folder = temporary;
    }

    @BeforeAll
    static void start() throws Exception {
        makers = DiskMachine.Makers.start(new SecureRandom(), Instant.now());
        service = PackagedService.start(
                makers.anchorsPem(),
                makers.policies(),
                Map.of(
                        "countersign.audiences.kms.policies",
                        String.join(",", makers.policies().keySet())));
    }

    @AfterAll
    static void close() {
        service.close();
    }

    private Ran attest(BootClient client, DiskMachine machine, String... more)
            throws IOException, InterruptedException {
        var options = new ArrayList<>(List.of("--service", service.address().toString(), "--insecure-http"));
        options.addAll(List.of("--audience", PackagedService.AUDIENCE));
        options.addAll(List.of("--tsm", machine.tsm().toString()));
        options.addAll(List.of("--endorsements", machine.endorsements().toString()));
        options.addAll(List.of(more));
        return client.run("attest", options.toArray(String[]::new));
    }

    private DiskMachine machine(DiskMachine.Cpu cpu, DemoGpus.Setup gpus) throws IOException {
        return DiskMachine.start(folder.resolve("machine"), makers, cpu, gpus);
    }

    private static JsonNode claims(BootClient client) throws IOException {
        String token = Files.readString(client.token()).strip();
        String payload = token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'));
        return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(payload));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "busybox sh", "bash --posix"})
    void aGuestWithEightGpusGetsATokenUnderEveryShell(String shell) throws Exception {
        BootClient client = BootClient.in(folder, shell);
        try (DiskMachine machine = machine(DiskMachine.Cpu.SEV_SNP, DemoGpus.Setup.CONFIDENTIAL)) {
            Ran ran = attest(
                    client,
                    machine,
                    "--policy",
                    GPUS,
                    "--gpus",
                    machine.collector().toString());
            assertEquals(0, ran.exit(), ran.output());
            JsonNode claims = claims(client);
            assertEquals(8, claims.path("countersign_gpu_count").asInt());
            assertEquals(GPUS, claims.path("countersign_policy_id").asText());
            assertTrue(claims.path("countersign_key_bound").asBoolean());
            assertTrue(claims.path("cnf").path("jwk").has("x"));
            assertEquals(List.of(), BootClient.inside(machine.tsm()));
        }
    }

    @Test
    void aGuestWithoutGpusGetsAToken() throws Exception {
        BootClient client = BootClient.in(folder);
        try (DiskMachine machine = machine(DiskMachine.Cpu.SEV_SNP, DemoGpus.Setup.CONFIDENTIAL)) {
            Ran ran = attest(client, machine);
            assertEquals(0, ran.exit(), ran.output());
            assertEquals("sev-snp", claims(client).path("countersign_tee").asText());
        }
    }

    @Test
    void aTdGetsAToken() throws Exception {
        BootClient client = BootClient.in(folder);
        try (DiskMachine machine = machine(DiskMachine.Cpu.TDX, DemoGpus.Setup.CONFIDENTIAL)) {
            Ran ran = attest(client, machine, "--ccel", folder.resolve("none").toString());
            assertEquals(0, ran.exit(), ran.output());
            assertEquals("tdx", claims(client).path("countersign_tee").asText());
        }
    }

    @Test
    void aGpuInDeveloperModeIsRefusedByName() throws Exception {
        BootClient client = BootClient.in(folder);
        try (DiskMachine machine = machine(DiskMachine.Cpu.SEV_SNP, DemoGpus.Setup.ONE_IN_DEVTOOLS)) {
            Ran ran = attest(
                    client,
                    machine,
                    "--policy",
                    GPUS,
                    "--gpus",
                    machine.collector().toString());
            assertEquals(77, ran.exit(), ran.output());
            assertTrue(ran.output().contains("gpu3"), ran.output());
            assertTrue(ran.output().contains("expected:") && ran.output().contains("do:"), ran.output());
            assertFalse(Files.exists(client.token()));
        }
    }

    @Test
    void aGuestThatItsHostMayDebugIsRefused() throws Exception {
        BootClient client = BootClient.in(folder);
        try (DiskMachine machine = machine(DiskMachine.Cpu.SEV_SNP_WITH_DEBUG, DemoGpus.Setup.CONFIDENTIAL)) {
            Ran ran = attest(client, machine);
            assertEquals(77, ran.exit(), ran.output());
            assertTrue(ran.output().contains("debug"), ran.output());
        }
    }

    @Test
    void whatTheServiceDoesNotKnowIsConfiguration() throws Exception {
        BootClient client = BootClient.in(folder);
        try (DiskMachine machine = machine(DiskMachine.Cpu.SEV_SNP, DemoGpus.Setup.CONFIDENTIAL)) {
            assertEnds(78, "audience-unknown", attest(client, machine, "--audience", "https://nobody.example"));
            assertEnds(78, "policy-", attest(client, machine, "--policy", "nobodys"));
            assertEnds(
                    78,
                    "policy-digest-differs",
                    attest(client, machine, "--policy-digest", "sha256:" + "0".repeat(64)));
        }
    }

    @Test
    void aReportWithAnotherBytePinsTheBlameOnTheEvidence() throws Exception {
        BootClient client = BootClient.in(folder);
        client.program("openssl", """
                # The report loses its end on the way into the request.
                case "$*" in
                    "base64 -A") head -c 1000 | exec "$REAL" base64 -A ;;
                    *) exec "$REAL" "$@" ;;
                esac""");
        client.with("REAL", "/usr/bin/openssl");
        try (DiskMachine machine = machine(DiskMachine.Cpu.SEV_SNP, DemoGpus.Setup.CONFIDENTIAL)) {
            assertEnds(65, "evidence-malformed", attest(client, machine));
        }
    }

    private static void assertEnds(int exit, String saying, Ran ran) {
        assertEquals(exit, ran.exit(), ran.output());
        assertTrue(ran.output().contains(saying), ran.output());
    }
}
