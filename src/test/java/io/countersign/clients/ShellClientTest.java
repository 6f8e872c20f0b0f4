package io.countersign.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client does with each answer, and what of it reaches the service. */
class ShellClientTest extends BootTest {
    private static final String CODE_OF_REFUSAL = "appraisal-refused";

    @ParameterizedTest
    @ValueSource(strings = {"dash", "busybox sh", "bash --posix"})
    void attestsUnderEveryShell(String shell) throws Exception {
        client = BootClient.in(folder, shell);
        Path collector = client.program(
                "collect", "echo '[{\"arch\":\"HOPPER\",\"evidence\":\"AAEC\",\"certificate\":\"AwQF\"}]'");
        assertEnds(0, attest("--gpus", collector.toString()));
        assertEquals(StubService.TOKEN, Files.readString(client.token()));
        JsonNode sent = service.asked(StubService.ATTESTATIONS).getFirst().json();
        assertEquals("countersign-v1", sent.path("binding").asText());
        assertEquals("sev-snp", sent.path("evidence").path("cpu0").path("type").asText());
        assertEquals(
                "Bw==", sent.path("evidence").path("cpu0").path("certificates").asText());
        assertEquals("AAEC", sent.path("evidence").path("gpu0").path("evidence").asText());
        assertEquals(List.of(), BootClient.inside(client.temporary()));
    }

    @Test
    void makesAnEntryOfItsOwnAndRemovesIt() throws Exception {
        assertEnds(0, attest("--tsm-entry", "", "--tsm", kernel.tsm().toString()));
        assertEquals(List.of(kernel.entry()), BootClient.inside(kernel.tsm()));
    }

    @Test
    void sendsATdxQuoteWithItsEventLog() throws Exception {
        kernel.close();
        Path other = Files.createDirectories(folder.resolve("td"));
        kernel = PlayedKernel.start(other, "tdx_guest", asked -> asked);
        Path log = Files.write(folder.resolve("CCEL"), new byte[] {1, 2, 3, 4});
        assertEnds(0, attest("--ccel", log.toString()));
        JsonNode cpu = service.asked(StubService.ATTESTATIONS)
                .getFirst()
                .json()
                .path("evidence")
                .path("cpu0");
        assertEquals("tdx", cpu.path("type").asText());
        assertEquals(
                Base64.getEncoder().encodeToString(kernel.asked().toByteArray()),
                cpu.path("quote").asText());
        assertEquals("AQIDBA==", cpu.path("event_log").asText());
    }

    @ParameterizedTest
    @CsvSource({
        "403, appraisal-refused, 77",
        "403, audience-unknown, 78",
        "409, policy-digest-differs, 78",
        "401, unauthenticated, 78",
        "422, evidence-malformed, 65",
        "413, request-too-large, 65",
        "400, request-invalid, 65"
    })
    void doesNotTryAgainWhatCannotHelp(int status, String code, int exit) throws Exception {
        service.on(StubService.ATTESTATIONS, StubService.problem(status, code));
        assertEnds(exit, attest(), code, "what happened", "what to do");
        assertEquals(1, service.asked(StubService.ATTESTATIONS).size());
        assertFalse(Files.exists(client.token()));
    }

    @ParameterizedTest
    @CsvSource({
        "503, store-unavailable",
        "429, rate-limited",
        "409, nonce-used",
        "410, nonce-expired",
        "400, nonce-unknown",
        "500, internal-error"
    })
    void triesAgainWithANewChallengeWhatCanHelp(int status, String code) throws Exception {
        client.withoutPauses();
        service.on(StubService.ATTESTATIONS, StubService.problem(status, code), StubService.token());
        assertEnds(0, attest(), code);
        assertEquals(2, service.asked(StubService.CHALLENGES).size());
        assertEquals(2, service.asked(StubService.ATTESTATIONS).size());
        assertNotEquals(idempotencyKey(0), idempotencyKey(1));
    }

    @Test
    void waitsAtLeastAsLongAsItIsAsked() throws Exception {
        client.withoutPauses();
        service.on(
                StubService.ATTESTATIONS,
                StubService.problem(503, "endorsement-unavailable", "Retry-After", "40"),
                StubService.token());
        assertEnds(0, attest());
        int pause = Integer.parseInt(client.pauses().getFirst());
        assertTrue(pause >= 40 && pause <= 60, () -> "paused " + pause + " s");
    }

    @Test
    void givesUpRatherThanWaitLongerThanItsPatience() throws Exception {
        client.withoutPauses();
        service.on(
                StubService.ATTESTATIONS, StubService.problem(503, "endorsement-unavailable", "Retry-After", "999999"));
        assertEnds(75, attest("--patience", "100"), "given up");
        assertEquals(List.of(), client.pauses());
    }

    @Test
    void backsOffFromAServiceThatIsAway() throws Exception {
        client.withoutPauses();
        service.close();
        assertEnds(69, attest("--attempts", "4"), "does not answer", "given up after 4 attempts");
        assertEquals(3, client.pauses().size());
        for (int i = 0; i < 3; i++) {
            int pause = Integer.parseInt(client.pauses().get(i));
            int least = 1 << i;
            assertTrue(pause >= least && pause <= least + least / 2, client.pauses()::toString);
        }
    }

    @Test
    void sendsTheSameOnceMoreWhenAnAnswerIsLost() throws Exception {
        client.withoutPauses();
        service.on(StubService.ATTESTATIONS, StubService.lost(), StubService.token());
        assertEnds(0, attest());
        var asked = service.asked(StubService.ATTESTATIONS);
        assertEquals(2, asked.size());
        assertEquals(asked.get(0).body(), asked.get(1).body());
        assertEquals(idempotencyKey(0), idempotencyKey(1));
        assertEquals(1, service.asked(StubService.CHALLENGES).size());
    }

    private String idempotencyKey(int index) {
        return String.valueOf(
                service.asked(StubService.ATTESTATIONS).get(index).headers().getFirst("Idempotency-Key"));
    }

    @Test
    void saysWhatStandsInTheWay() throws Exception {
        service.on(StubService.ATTESTATIONS, StubService.text(403, "application/problem+json", """
                {"code": "appraisal-refused", "detail": "The policy is not met.",
                 "checks": [{"code": "composite.binding", "outcome": "passed", "because": "SILENT"}],
                 "submods": {"gpu3": {"checks": [{"code": "gpu.fwid", "outcome": "failed",
                   "expected": "GREEN", "actual": "RED", "hint": "PAINT IT"}]}},
                 "rules": [{"name": "no developer tools", "outcome": "undetermined", "missing": "THE MODE"}]}"""));
        Path report = folder.resolve("report.json");
        var ran = attest("--report", report.toString());
        assertEnds(77, ran, CODE_OF_REFUSAL, "gpu3: gpu.fwid: failed", "GREEN", "RED", "PAINT IT", "THE MODE");
        assertFalse(ran.output().contains("SILENT"), ran.output());
        assertTrue(Files.readString(report).contains("PAINT IT"));
    }

    @Test
    void isNoConfidentialMachineWithoutConfigfs() throws Exception {
        assertEnds(78, attest("--tsm-entry", "", "--tsm", folder.resolve("none").toString()), "not loaded");
        assertEnds(78, client.withoutPauses().run("attest", options("--tsm-entry", folder.toString())), "no entry");
    }

    @Test
    void asksTheKernelAgainWhenSomebodyElseWroteToTheEntry() throws Exception {
        kernel.close();
        Path other = Files.createDirectories(folder.resolve("contended"));
        var asked = new AtomicInteger();
        Path generation =
                other.resolve("tsm").resolve("report").resolve("entry").resolve("generation");
        kernel = PlayedKernel.start(other, "sev_guest", data -> {
            if (asked.getAndIncrement() == 0) {
                Written.oneMore(generation);
            }
            return data;
        });
        assertEnds(0, client.withoutPauses().run("attest", options()));
        assertEquals(2, asked.get());
    }

    @Test
    void doesNotSendAReportThatSomebodyElseMayHaveAskedFor() throws Exception {
        kernel.close();
        Path other = Files.createDirectories(folder.resolve("contended"));
        Path generation =
                other.resolve("tsm").resolve("report").resolve("entry").resolve("generation");
        kernel = PlayedKernel.start(other, "sev_guest", data -> {
            Written.oneMore(generation);
            return data;
        });
        assertEnds(75, client.withoutPauses().run("attest", options()), "somebody else wrote");
        assertEquals(List.of(), service.asked(StubService.ATTESTATIONS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa:2048", "ec:P-256", "ec:P-384", "x25519"})
    void theKeyThatArrivesIsTheOneInTheFileAndTheReportIsBoundToIt(String kind) throws Exception {
        AttestedKeys.write(kind, client.key());
        assertEnds(0, attest());
        JsonNode sent = service.asked(StubService.ATTESTATIONS).getFirst().json();
        var expected = AttestedKeys.publicJwk(kind, client.key());
        assertEquals(expected, com.nimbusds.jose.jwk.JWK.parse(sent.path("key").toString()));
        Bytes nonce =
                Bytes.copyOf(Base64.getUrlDecoder().decode(sent.path("nonce").asText()));
        Bytes thumbprint = Bytes.copyOf(expected.computeThumbprint().decode());
        assertEquals(
                new Binding(BindingMethod.COUNTERSIGN_V1, nonce, thumbprint)
                        .expectedReportData(List.of())
                        .orElseThrow(),
                kernel.asked());
    }
}
