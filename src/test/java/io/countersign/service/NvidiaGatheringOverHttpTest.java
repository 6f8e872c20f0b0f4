package io.countersign.service;

import static io.countersign.service.FedByNvidia.KEY_SERVICE;
import static io.countersign.service.FedByNvidia.NVIDIA;
import static io.countersign.service.RequestBodies.APPRAISALS;
import static io.countersign.service.RequestBodies.ATTESTATIONS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.insecure.NvidiaBoard;
import io.countersign.insecure.NvidiaMachine;
import io.countersign.insecure.SoftwareGpu;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.insecure.SoftwareRim;
import io.countersign.service.collateral.FakeVendor;
import io.countersign.service.config.CountersignConfig;
import io.countersign.testkit.SoftwareNvidias;
import io.countersign.verifier.bytes.Bytes;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Machines whose GPUs bring nothing but reports and chains, and a service that gathers the rest from NVIDIA's. Each test has
 * GPUs, a driver and a VBIOS of its own, so that none finds what another one fetched about them.
 */
@QuarkusTest
@TestProfile(FedByNvidia.class)
class NvidiaGatheringOverHttpTest {
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final int CESSATION_OF_OPERATION = 5;
    private static final int CERTIFICATE_HOLD = 6;
    private static final int KEY_COMPROMISE = 1;
    private static final String NO_DEVTOOLS = "measurements do not look like developer-tools mode";

    private final int number = TESTS.incrementAndGet();
    private final NvidiaBoard board = NvidiaBoard.H100
            .withDriver("580.%d.01".formatted(100 + number))
            .withVbios("96.00.CF.%02d.02".formatted(number));

    @Inject
    MovableClock clock;

    @Inject
    CountersignConfig config;

    /** Answers about certificates that all devices share are asked for anew by every test, after two hours. */
    @BeforeEach
    void letSomeTimePass() {
        clock.moveOn(Duration.ofHours(2));
        NVIDIA.follow(clock);
    }

    @AfterEach
    void heal() {
        NVIDIA.heal();
    }

    /** A GPU that NVIDIA knows everything about. */
    private SoftwareGpu gpu(String name) {
        return NVIDIA.publish(
                NVIDIA.nvidia().h100("%s of %d".formatted(name, number)).with(board));
    }

    private static Answer attest(SoftwareGpu... gpus) {
        return attest(GpuMachine.with(gpus));
    }

    private static Answer attest(GpuMachine machine) {
        return Http.post(ATTESTATIONS, machine.attestation(KEY_SERVICE, "gpus"));
    }

    private static Answer appraise(SoftwareGpu... gpus) {
        return Http.post(APPRAISALS, GpuMachine.with(gpus).appraisal("gpus")).ok();
    }

    private static JsonNode check(Answer answer, String label, String code) {
        return StreamSupport.stream(
                        answer.json().at("/submods/%s/checks".formatted(label)).spliterator(), false)
                .filter(each -> each.get("code").asText().equals(code))
                .findFirst()
                .orElseThrow(() -> new AssertionError(answer.text()));
    }

    private static String outcome(Answer answer, String code) {
        return check(answer, "gpu0", code).get("outcome").asText();
    }

    private String rimPath(String id) {
        return "/v1/rim/" + id;
    }

    /** The RIMs of this test that were asked for, and every question about a certificate. */
    private List<String> asked() {
        return NVIDIA.asked().stream()
                .map(FakeVendor.Asked::path)
                .filter(path -> !path.startsWith("/v1/rim/")
                        || path.contains(board.driver())
                        || path.endsWith(board.vbios().replace(".", "")))
                .toList();
    }

    private static int retryAfter(Answer answer) {
        assertTrue(answer.json().get("retryable").booleanValue());
        int seconds = Integer.parseInt(answer.header("retry-after"));
        assertTrue(seconds >= 1, answer.text());
        return seconds;
    }

    @Test
    void aMachineThatBringsReportsAndChainsAloneGetsAToken() {
        Answer answer = attest(gpu("a"), gpu("b")).ok();
        assertEquals("affirming", answer.json().get("status").asText());
        for (String label : List.of("gpu0", "gpu1")) {
            JsonNode submod = answer.json().at("/submods/" + label);
            assertEquals("genuine", submod.get("authenticity").asText());
            submod.get("checks")
                    .forEach(each -> assertEquals("passed", each.get("outcome").asText(), each.toString()));
            assertEquals("good", submod.at("/claims/ocsp_status").asText());
            assertTrue(submod.at("/claims/measurements_match").booleanValue());
        }
        answer.compositeOutcomes().forEach((code, outcome) -> assertEquals("passed", outcome, code));
        JsonNode claims = Token.read(answer).claims();
        assertEquals(2, claims.get("countersign_gpu_count").intValue());
        assertEquals("H100", claims.get("countersign_gpu_model").asText());
        assertEquals("on", claims.get("countersign_cc_mode").asText());
        assertEquals("sev-snp", claims.get("countersign_tee").asText());
        assertEquals("pinned", claims.get("countersign_workload").asText());
        List<String> rims = asked().stream()
                .filter(path -> path.startsWith("/v1/rim/"))
                .sorted()
                .toList();
        assertEquals(List.of(rimPath(board.driverRimId()), rimPath(board.vbiosRimId())), rims);
    }

    @Test
    void whatWasFetchedOnceServesTheSameMachineAgain() {
        var machine = GpuMachine.with(gpu("a"), gpu("b"));
        attest(machine).ok();
        List<String> before = asked();
        attest(machine).ok();
        Http.post(APPRAISALS, machine.appraisal("gpus")).ok();
        assertEquals(before, asked());
    }

    @Test
    void anotherMachineOfTheKindNeedsNothingButWhatIsItsOwn() {
        attest(gpu("a")).ok();
        int before = asked().size();
        attest(gpu("b")).ok();
        assertEquals(before + 1, asked().size(), "one question, about the one certificate that is this GPU's alone");
    }

    @Test
    void aMachineInProtectedPcieModeGetsAShortTokenToo() {
        var whole = NvidiaMachine.protectedPcie(NVIDIA.nvidia(), "machine of " + number);
        var machine = new GpuMachine(
                whole.gpus().stream()
                        .map(gpu -> NVIDIA.publish(gpu.with(board)))
                        .toList(),
                whole.switches());
        whole.switches().forEach(NVIDIA::publish);
        Answer answer = attest(machine).ok();
        assertEquals("passed", answer.compositeOutcomes().get("composite.topology"));
        Token token = Token.read(answer);
        assertEquals(8, token.claims().get("countersign_gpu_count").intValue());
        assertEquals("ppcie", token.claims().get("countersign_cc_mode").asText());
        assertTrue(token.compact().length() < 4096, "" + token.compact().length());
    }

    @Test
    void theTokenEndsNoLaterThanTheFirstThingItRestsOn() {
        SoftwareGpu gpu = gpu("a");
        Instant end = NVIDIA.now().plusSeconds(100);
        NVIDIA.answering(LaboratoryNvidia.serialOf(gpu), answer -> answer.nextUpdate(end));
        assertEquals(end, Token.read(attest(gpu).ok()).expiresAt());
    }

    @Test
    void aDriverThatNvidiaHasNoRimOfIsRefusedAndNoOutage() {
        SoftwareGpu gpu = gpu("a");
        NVIDIA.rims.replies(rimPath(board.driverRimId()), FakeVendor.status(404));
        Answer answer = attest(gpu).problem(403, "appraisal-refused");
        assertEquals("undetermined", outcome(answer, "gpu.driver-rim"));
        assertEquals("passed", outcome(answer, "gpu.vbios-rim"));
        assertEquals("undetermined", outcome(answer, "gpu.measurements"));
        assertEquals("genuine", answer.json().at("/submods/gpu0/authenticity").asText());
        assertTrue(
                check(answer, "gpu0", "gpu.driver-rim").get("missing").asText().contains(board.driverRimId()));
        Answer explained = appraise(gpu);
        assertEquals("none", explained.json().at("/submods/gpu0/status").asText());
        assertEquals("undetermined", outcome(explained, "gpu.driver-rim"));
    }

    @Test
    void anOutageOfTheRimServiceLeavesTheChallengeUsable() {
        ObjectNode body = GpuMachine.with(gpu("a")).attestation(KEY_SERVICE, "gpus");
        NVIDIA.rims.goDown();
        Answer away;
        Answer explained;
        try {
            away = Http.post(ATTESTATIONS, body);
            explained = appraise(gpu("a"));
        } finally {
            NVIDIA.rims.comeBack();
        }
        int seconds = retryAfter(away.problem(503, "endorsement-unavailable"));
        assertEquals("undetermined", outcome(away, "gpu.driver-rim"));
        assertEquals("undetermined", outcome(away, "gpu.vbios-rim"));
        assertEquals("undetermined", away.rules().get(NO_DEVTOOLS));
        assertFalse(away.json().has("token"));
        assertEquals("undetermined", outcome(explained, "gpu.measurements"));
        clock.moveOn(Duration.ofSeconds(seconds));
        Http.post(ATTESTATIONS, body).ok();
        Http.post(ATTESTATIONS, body).problem(409, "nonce-used");
    }

    @Test
    void anOutageForTheVbiosRimAloneIsNoRefusal() {
        SoftwareGpu gpu = gpu("a");
        NVIDIA.rims.replies(rimPath(board.vbiosRimId()), FakeVendor.status(503));
        Answer away = attest(gpu).problem(503, "endorsement-unavailable");
        assertEquals("passed", outcome(away, "gpu.driver-rim"));
        assertEquals("undetermined", outcome(away, "gpu.vbios-rim"));
        assertEquals("undetermined", away.rules().get(NO_DEVTOOLS));
        assertFalse(away.json().at("/submods/gpu0/claims").has("devtools_index"), away.text());
        NVIDIA.rims.serves(
                rimPath(board.vbiosRimId()), Bytes.utf8(NVIDIA.vbiosRim(board).serviceJson()));
        clock.moveOn(Duration.ofSeconds(retryAfter(away)));
        assertEquals("passed", attest(gpu).ok().rules().get(NO_DEVTOOLS));
    }

    @Test
    void aVbiosThatNvidiaHasNoRimOfIsRefusedAndNoOutage() {
        SoftwareGpu gpu = gpu("a");
        NVIDIA.rims.replies(rimPath(board.vbiosRimId()), FakeVendor.status(404));
        Answer answer = attest(gpu).problem(403, "appraisal-refused");
        assertEquals("undetermined", outcome(answer, "gpu.vbios-rim"));
        assertEquals("undetermined", answer.rules().get(NO_DEVTOOLS));
    }

    /** Everything else about it is good, the mode that it signs included. */
    @Test
    void aVbiosRimWithoutTheRegisterThatCoversTheModeIsRefused() {
        SoftwareGpu gpu = gpu("a");
        NVIDIA.publish(NVIDIA.vbiosRim(board).record(9, record -> record.active("False")));
        Answer answer = attest(gpu).problem(403, "appraisal-refused");
        JsonNode submod = answer.json().at("/submods/gpu0");
        submod.get("checks")
                .forEach(each -> assertEquals("passed", each.get("outcome").asText(), each.toString()));
        assertEquals("not-compared", submod.at("/claims/devtools_index").asText());
        assertEquals("failed", answer.rules().get(NO_DEVTOOLS));
        assertEquals(1, Collections.frequency(answer.rules().values(), "failed"), answer.text());
    }

    @Test
    void anOutageOfTheResponderLeavesTheChallengeUsable() {
        ObjectNode body = GpuMachine.with(gpu("a")).attestation(KEY_SERVICE, "gpus");
        NVIDIA.ocsp.goDown();
        Answer away;
        Answer explained;
        try {
            away = Http.post(ATTESTATIONS, body);
            explained = appraise(gpu("a"));
        } finally {
            NVIDIA.ocsp.comeBack();
        }
        int seconds = retryAfter(away.problem(503, "endorsement-unavailable"));
        assertEquals("undetermined", outcome(away, "gpu.revocation"));
        assertEquals("passed", outcome(away, "gpu.measurements"));
        assertEquals("undetermined", outcome(explained, "gpu.revocation"));
        clock.moveOn(Duration.ofSeconds(seconds));
        Http.post(ATTESTATIONS, body).ok();
    }

    @Test
    void aThrottlingRimServiceIsLeftAloneForAsLongAsItSays() {
        SoftwareGpu gpu = gpu("a");
        NVIDIA.rims.replies(rimPath(board.driverRimId()), FakeVendor.status(429, "Retry-After", "45"));
        int seconds = retryAfter(attest(gpu).problem(503, "endorsement-unavailable"));
        assertTrue(seconds > 40 && seconds <= 45, "" + seconds);
    }

    @Test
    void aServiceThatDoesNotAnswerInTimeIsAnOutageUntilItDoes() {
        SoftwareGpu gpu = gpu("a");
        NVIDIA.rims.closeGate(rimPath(board.driverRimId()));
        Answer slow = attest(gpu).problem(503, "endorsement-unavailable");
        assertEquals("undetermined", outcome(slow, "gpu.driver-rim"));
        clock.moveOn(Duration.ofSeconds(retryAfter(slow)));
        NVIDIA.rims.openGate();
        attest(gpu).ok();
    }

    @Test
    void aRevokedDeviceIsRefused() {
        SoftwareGpu gpu = gpu("a");
        NVIDIA.answering(LaboratoryNvidia.serialOf(gpu), answer -> answer.revoked(KEY_COMPROMISE));
        Answer answer = attest(gpu, gpu("b")).problem(403, "appraisal-refused");
        assertEquals("failed", outcome(answer, "gpu.revocation"));
        assertEquals("rejected", answer.json().at("/submods/gpu0/authenticity").asText());
        assertFalse(answer.json().at("/submods/gpu0").has("claims"));
        assertEquals("genuine", answer.json().at("/submods/gpu1/authenticity").asText());
    }

    @Test
    void aDeviceOnHoldIsRefused() {
        SoftwareGpu gpu = gpu("a");
        NVIDIA.answering(LaboratoryNvidia.serialOf(gpu), answer -> answer.revoked(CERTIFICATE_HOLD));
        assertEquals("failed", outcome(attest(gpu).problem(403, "appraisal-refused"), "gpu.revocation"));
    }

    @Test
    void aDeviceThatTheResponderDoesNotKnowIsRefused() {
        SoftwareGpu gpu = gpu("a");
        NVIDIA.answering(LaboratoryNvidia.serialOf(gpu), answer -> answer.unknown());
        Answer answer = attest(gpu).problem(403, "appraisal-refused");
        assertEquals("failed", outcome(answer, "gpu.revocation"), answer.text());
    }

    @Test
    void aRimWhoseSignerIsRevokedDoesNotCount() {
        SoftwareGpu gpu = gpu("a");
        NVIDIA.answering(NVIDIA.serialOfRimSigner(board), answer -> answer.revoked(CESSATION_OF_OPERATION));
        Answer answer = attest(gpu).problem(403, "appraisal-refused");
        assertEquals("failed", outcome(answer, "gpu.revocation"));
        assertEquals("rejected", answer.json().at("/submods/gpu0/authenticity").asText());
    }

    @Test
    void aRimWhoseSignerIsOnHoldDoesNotCountWithoutATolerance() {
        SoftwareGpu gpu = gpu("a");
        NVIDIA.answering(NVIDIA.serialOfRimSigner(board), answer -> answer.revoked(CERTIFICATE_HOLD));
        Answer answer = attest(gpu).problem(403, "appraisal-refused");
        assertEquals("failed", outcome(answer, "gpu.revocation"), answer.text());
    }

    @Test
    void anAnswerWithAnotherNonceIsNoneUntilOneHasTheRightOne() {
        SoftwareGpu gpu = gpu("a");
        NVIDIA.answering(LaboratoryNvidia.serialOf(gpu), answer -> answer.nonce(Bytes.zeros(32)));
        Answer replayed = attest(gpu).problem(503, "endorsement-unavailable");
        assertEquals("undetermined", outcome(replayed, "gpu.revocation"));
        assertTrue(replayed.text().contains("nvidia-ocsp-nonce=optional"), replayed.text());
        NVIDIA.heal();
        clock.moveOn(Duration.ofSeconds(retryAfter(replayed)));
        attest(gpu).ok();
    }

    @Test
    void aForgedRimIsRefusedAndNotKept() throws IOException {
        SoftwareGpu gpu = gpu("a");
        NVIDIA.publish(SoftwareRim.driver(SoftwareNvidias.foreign(), board));
        Answer forged = attest(gpu).problem(403, "appraisal-refused");
        assertEquals("failed", outcome(forged, "gpu.driver-rim"));
        assertEquals("not-reached", outcome(forged, "gpu.measurements"));
        assertFalse(Files.exists(rimFile(board.driverRimId())));
        NVIDIA.publish(NVIDIA.driverRim(board));
        clock.moveOn(Duration.ofMinutes(2));
        attest(gpu).ok();
        assertEquals(
                Bytes.utf8(NVIDIA.driverRim(board).xml()),
                Bytes.copyOf(Files.readAllBytes(rimFile(board.driverRimId()))));
    }

    @Test
    void aForgedAnswerIsRefusedAndNotKept() {
        SoftwareGpu gpu = gpu("a");
        NVIDIA.answering(
                LaboratoryNvidia.serialOf(gpu),
                answer -> answer.signedUnderTheNameBy(SoftwareNvidias.foreign().key("anybody's")));
        Answer forged = attest(gpu).problem(403, "appraisal-refused");
        assertEquals("failed", outcome(forged, "gpu.revocation"));
        NVIDIA.heal();
        clock.moveOn(Duration.ofMinutes(2));
        attest(gpu).ok();
    }

    @Test
    void theKeyIsShownToTheRimServiceAndToNobodyElse() {
        attest(gpu("a")).ok();
        int shown = 0;
        for (FakeVendor.Asked question : NVIDIA.asked()) {
            if (question.path().startsWith("/v1/rim/")) {
                shown++;
                assertEquals(
                        List.of("Bearer " + FedByNvidia.API_KEY),
                        question.headers().get("Authorization"));
            } else {
                assertFalse(question.headers().containsKey("Authorization"));
            }
        }
        assertTrue(shown >= 2, "" + shown);
    }

    @Test
    void aRimThatNvidiaIssuedAnewIsPickedUpWithinADay() {
        SoftwareGpu gpu = gpu("a");
        String other = "5a".repeat(48);
        NVIDIA.publish(NVIDIA.driverRim(board).record(21, record -> record.hashes(List.of(other))));
        Answer before = attest(gpu).problem(403, "appraisal-refused");
        assertEquals("failed", outcome(before, "gpu.measurements"));
        assertEquals(
                "[21]",
                before.json().at("/submods/gpu0/claims/mismatched_indexes").toString());
        assertEquals("genuine", before.json().at("/submods/gpu0/authenticity").asText());
        NVIDIA.publish(NVIDIA.driverRim(board));
        clock.moveOn(Duration.ofHours(25));
        attest(gpu).ok();
    }

    @Test
    void aDeviceThatIsNotGenuineMakesNobodyAsk() {
        SoftwareGpu genuine = gpu("a");
        SoftwareNvidia foreign = SoftwareNvidias.foreign();
        SoftwareGpu forged = foreign.h100("forged of " + number).with(board);
        List<String> before = asked();
        Answer answer = attest(forged).problem(403, "appraisal-refused");
        assertEquals("failed", outcome(answer, "gpu.certificate-chain"));
        assertEquals("not-reached", outcome(answer, "gpu.driver-rim"));
        assertEquals(before, asked());
        attest(genuine).ok();
    }

    @Test
    void whatARequestBringsIsNotAskedFor() {
        SoftwareGpu gpu = gpu("a");
        ObjectNode body = GpuMachine.with(gpu).attestation(KEY_SERVICE, "gpus");
        body.withObject("/endorsements/nvidia/rims")
                .put(board.driverRimId(), NVIDIA.driverRim(board).xml());
        Http.post(ATTESTATIONS, body).ok();
        assertFalse(asked().contains(rimPath(board.driverRimId())), asked()::toString);
        assertTrue(asked().contains(rimPath(board.vbiosRimId())), asked()::toString);
    }

    @Test
    void anotherGpusReportInTheSameMachineIsNotBound() {
        SoftwareGpu here = gpu("a");
        ObjectNode body = GpuMachine.with(here).attestation(KEY_SERVICE, "gpus");
        ObjectNode elsewhere = GpuMachine.with(gpu("b")).attestation(KEY_SERVICE, "gpus");
        body.withObject("/evidence").set("gpu0", elsewhere.at("/evidence/gpu0"));
        Answer answer = Http.post(ATTESTATIONS, body).problem(403, "appraisal-refused");
        assertEquals("failed", outcome(answer, "gpu.binding"));
        Map<String, String> composite = answer.compositeOutcomes();
        assertEquals("failed", composite.get("composite.nonces-agree"), composite::toString);
    }

    /** What stands there under the documented names is what a service finds after a restart; NvidiaOfflineOverHttpTest reads such. */
    @Test
    void whatWasFetchedIsInTheFolderUnderItsDocumentedName() throws IOException {
        SoftwareGpu gpu = gpu("a");
        attest(gpu).ok();
        assertTrue(Files.exists(rimFile(board.driverRimId())));
        assertTrue(Files.exists(rimFile(board.vbiosRimId())));
        assertTrue(Files.exists(config.dataDir()
                .resolve("endorsements/nvidia/ocsp/device")
                .resolve(GpuFolder.ocspName(
                        gpu.chip().chain().get(1), gpu.chip().chain().get(2)))));
    }

    private Path rimFile(String id) {
        return config.dataDir().resolve("endorsements/nvidia/rims/%s.xml".formatted(id));
    }
}
