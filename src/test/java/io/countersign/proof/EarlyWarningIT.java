package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.insecure.IntelMachine;
import io.countersign.insecure.Pem;
import io.countersign.insecure.QuoteForm;
import io.countersign.insecure.SoftwareIntel;
import io.countersign.insecure.SoftwareStatement;
import io.countersign.service.collateral.FakeVendor;
import io.countersign.testkit.ComingTcb;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.tee.tdx.PckCa;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The packaged service warns of a TCB recovery, the command says the same, and then it comes as both said. */
class EarlyWarningIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration MAX_AGE = Duration.ofSeconds(4);
    private static final String REFUSED = "countersign_early_warning_platforms{standing=\"refused\",tee=\"tdx\"} 3.0";
    private static final String POLICY = """
            policy: td
            version: "1"
            summary: Any workload of the laboratory.
            extends: [baseline]
            any-workload: allow-because "the laboratory runs whatever it likes"
            """;

    private final SoftwareIntel intel =
            SoftwareIntel.fresh(new SecureRandom(), Instant.now().truncatedTo(ChronoUnit.SECONDS));

    private static void await(String what, PackagedService service, Callable<Boolean> holds) throws Exception {
        Instant until = Instant.now().plus(PATIENCE);
        while (!holds.call()) {
            assertTrue(Instant.now().isBefore(until), "not within " + PATIENCE + ": " + what + "\n" + service.log());
            Thread.sleep(Duration.ofMillis(250));
        }
    }

    private FakeVendor.Reply signed(String header, SoftwareStatement statement) {
        String chain =
                URLEncoder.encode(intel.signerChain(), StandardCharsets.UTF_8).replace("+", "%20");
        return new FakeVendor.Reply.Plain(200, Map.of(header, chain), Bytes.utf8(statement.json()));
    }

    private void tcbInfo(FakeVendor pcs, String channel, SoftwareStatement statement) {
        pcs.replies(
                "/tdx/certification/v4/tcb?fmspc=%s&update=%s".formatted(IntelMachine.FMSPC, channel),
                signed("TCB-Info-Issuer-Chain", statement));
    }

    private void serve(FakeVendor pcs) {
        for (String channel : List.of("standard", "early")) {
            tcbInfo(pcs, channel, intel.tcbInfo(TeeType.TDX));
            pcs.replies(
                    "/tdx/certification/v4/qe/identity?update=" + channel,
                    signed("SGX-Enclave-Identity-Issuer-Chain", intel.qeIdentity(TeeType.TDX)));
        }
        pcs.serves(
                "/sgx/certification/v4/pckcrl?ca=platform&encoding=der",
                intel.pckCrlDraft(PckCa.PLATFORM).der());
        pcs.serves("/sgx/certification/v4/rootcacrl", intel.rootCrlDraft().der());
    }

    /** A TD on the machine of that number asks for a token. */
    private HttpResponse<String> attest(PackagedService service, int machine, int microcode)
            throws IOException, InterruptedException {
        String nonce = JSON.readTree(service.post("/v1/challenges", "{}").body())
                .get("nonce")
                .asText();
        var binding = new Binding(
                BindingMethod.COUNTERSIGN_V1,
                Bytes.copyOf(Base64.getUrlDecoder().decode(nonce)),
                Bytes.empty());
        String leaf = Pem.certificate(intel.pckDraft(PckCa.PLATFORM, extension -> extension
                        .octetsInPlaceOf("1", ppid(machine))
                        .component(1, microcode))
                .der());
        Bytes quote = intel.quote(QuoteForm.TDX_V4, PckCa.PLATFORM, draft -> draft.reportData(
                        binding.expectedReportData(List.of()).orElseThrow())
                .chain(leaf + intel.pckCrlChain(PckCa.PLATFORM)));
        ObjectNode body = JSON.createObjectNode()
                .put("audience", PackagedService.AUDIENCE)
                .put("policy", "td")
                .put("nonce", nonce);
        body.putObject("evidence")
                .putObject("cpu0")
                .put("type", "tdx")
                .put("quote", Base64.getUrlEncoder().withoutPadding().encodeToString(quote.toByteArray()));
        return service.post("/v1/attestations", body.toString());
    }

    private static Bytes ppid(int machine) {
        return Bytes.utf8("machine %d".formatted(machine)).sha256().slice(0, 16);
    }

    private Programs.Ran command(PackagedService service, FakeVendor pcs, String... more)
            throws IOException, InterruptedException {
        Path app = Path.of("target", "quarkus-app").toAbsolutePath();
        var words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                "%s/app/*:%s/lib/main/*:%s/lib/boot/*".formatted(app, app, app),
                "io.countersign.cli.Main",
                "early-warning",
                "cases",
                "--policies",
                "policies",
                "--laboratory",
                "anchors.pem",
                "--pcs-url",
                pcs.url().toString()));
        words.addAll(List.of(more));
        return Programs.run(words, Map.of(), service.folder());
    }

    @Test
    void warnsBeforeItComesAndThenItComes() throws Exception {
        Path cases = Files.createTempDirectory("countersign-cases-");
        try (var pcs = new FakeVendor()) {
            serve(pcs);
            var settings = Map.of(
                    "countersign.audiences.kms.policies", "td",
                    "countersign.collateral.offline", "false",
                    "countersign.collateral.intel-pcs-url", pcs.url().toString(),
                    "countersign.collateral.intel-collateral-max-age", MAX_AGE.toSeconds() + "s",
                    "countersign.recording.dir", cases.toString(),
                    "countersign.early-warning.enabled", "true",
                    "countersign.early-warning.every", "1s",
                    "countersign.early-warning.first", "1s");
            try (PackagedService service = PackagedService.start(intel.anchorsPem(), Map.of("td", POLICY), settings)) {
                Files.createSymbolicLink(service.folder().resolve("cases"), cases);
                for (int machine = 0; machine < 5; machine++) {
                    HttpResponse<String> answer = attest(service, machine, machine < 3 ? 4 : 5);
                    assertEquals(200, answer.statusCode(), answer.body());
                }
                await("all are accepted", service, () -> service.get("/q/metrics")
                        .body()
                        .contains("countersign_early_warning_platforms{standing=\"accepted\",tee=\"tdx\"} 5.0"));
                Programs.Ran fine = command(service, pcs);
                assertEquals(0, fine.exit(), fine.output());

                tcbInfo(pcs, "early", ComingTcb.recovered(intel.tcbInfo(TeeType.TDX)));
                await("three will be refused", service, () -> service.get("/q/metrics")
                        .body()
                        .contains(REFUSED));
                await("the log says so", service, () -> service.log().contains("3 tdx under policy td"));
                assertTrue(service.log().contains("early microcode is at 4, Intel wants 5"), service.log());
                assertFalse(service.log().contains(ppid(0).toString()), service.log());

                Programs.Ran warned = command(service, pcs);
                Files.writeString(Path.of("target", "early-warning-command.txt"), warned.output());
                Files.writeString(Path.of("target", "early-warning-service.txt"), service.log());
                assertEquals(1, warned.exit(), warned.output());
                assertTrue(warned.output().contains("Will be refused: 3 platforms (tdx, policy td)"), warned.output());

                assertEquals(200, attest(service, 0, 4).statusCode());
                tcbInfo(pcs, "standard", ComingTcb.recovered(intel.tcbInfo(TeeType.TDX)));
                Thread.sleep(MAX_AGE.plusSeconds(1));
                assertEquals(403, attest(service, 0, 4).statusCode());
                assertEquals(200, attest(service, 3, 5).statusCode());

                // Patched, it is accepted, and nobody is warned about it any more.
                assertEquals(200, attest(service, 0, 5).statusCode());
                await("two are left", service, () -> service.get("/q/metrics")
                        .body()
                        .contains(REFUSED.replace("3.0", "2.0")));
            }
        }
    }
}
