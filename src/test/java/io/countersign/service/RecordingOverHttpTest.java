package io.countersign.service;

import static io.countersign.service.FedByPcs.PCS;
import static io.countersign.service.Laboratory.KMS;
import static io.countersign.service.RecordingLaboratory.GPU_SERVICE;
import static io.countersign.service.RecordingLaboratory.NVIDIA;
import static io.countersign.service.RequestBodies.APPRAISALS;
import static io.countersign.service.RequestBodies.ATTESTATIONS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.countersign.cases.Case;
import io.countersign.cases.CaseException;
import io.countersign.cases.CaseReader;
import io.countersign.insecure.NvidiaBoard;
import io.countersign.insecure.SoftwareGpu;
import io.countersign.service.policies.PolicyLibrary;
import io.countersign.trial.CaseFile;
import io.countersign.trial.Replay;
import io.countersign.trial.ReplayBounds;
import io.countersign.trial.ReplayReport;
import io.countersign.verifier.Verifier;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyTrial;
import io.countersign.verifier.scheme.Schemes;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** What is recorded is judged again, from its file alone, as it was judged: whoever brought or fetched what it rests on. */
@QuarkusTest
@TestProfile(RecordingLaboratory.class)
class RecordingOverHttpTest {
    private static final Bytes FAMILY = Bytes.fromHex("c0de0000aaaa");

    @ConfigProperty(name = "countersign.recording.dir")
    Path folder = Path.of("");

    @Inject
    Schemes schemes;

    @Inject
    PolicyLibrary policies;

    /** The file about this answer, once it is there. */
    private Path fileOf(Answer answer) throws IOException {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(10));
        while (Instant.now().isBefore(deadline)) {
            Optional<Path> found = written().stream()
                    .filter(file ->
                            at(file).equals(answer.json().get("evaluated_at").asText()))
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("nothing was recorded of " + answer.text());
    }

    private List<Path> written() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json")).toList();
        }
    }

    private static String at(Path file) {
        return json(file).get("at").asText();
    }

    private static JsonNode json(Path file) {
        try {
            return Http.parse(Files.readString(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Holds what the file says against the answer, in every check and rule. */
    private Case judgedAgain(Answer answer) throws IOException, CaseException {
        Path file = fileOf(answer);
        Case read = new CaseReader(schemes).read("recorded", Files.readAllBytes(file));
        AppraisalPolicy policy = policies.find(read.policy().orElseThrow()).orElseThrow();
        var byLabel = new Verifier()
                .authenticate(read.evidence(), read.inHand(), policy.tolerances(), read.binding(), read.at());
        PolicyTrial.TrialVerdict verdict =
                PolicyTrial.judge(policy, read.evidence(), byLabel, read.binding(), read.at());
        assertEquals(status(answer), verdict.status().word());
        verdict.rules().forEach(rule -> assertTrue(answer.rules().containsKey(rule.name()), rule.name()));
        byLabel.forEach((label, authentication) -> assertEquals(answer.outcomes(label), words(authentication), label));
        assertEquals(status(answer), read.recorded().orElseThrow().status());
        assertEquals(
                answer.json().at("/policy/digest").asText(),
                read.recorded().orElseThrow().policyDigest());
        return read;
    }

    private static String status(Answer answer) {
        return answer.json().has("ear_status")
                ? answer.json().get("ear_status").asText()
                : answer.json().get("status").asText();
    }

    private static Map<String, String> words(Authentication authentication) {
        var words = new HashMap<String, String>();
        authentication
                .report()
                .checks()
                .forEach(check -> words.put(check.id().code(), check.outcome().word()));
        return words;
    }

    /** The file, without what only a case may say, is a request. */
    private void isARequestToo(Answer answer) throws IOException {
        var body = (ObjectNode) json(fileOf(answer));
        body.remove("recorded");
        assertEquals(status(answer), status(Http.post(APPRAISALS, body).ok()));
    }

    @Test
    void aGuestThatBroughtEverythingIsJudgedAgainAsItWas() throws Exception {
        Answer answer = Http.post(
                        ATTESTATIONS, Machine.challengedWith(Http.nonce()).attestation(KMS, "pinned"))
                .ok();
        Case read = judgedAgain(answer);
        assertTrue(read.gathered().isEmpty());
        assertEquals(
                Optional.of(Case.Verdict.FAVOURABLE),
                read.recorded().orElseThrow().verdict());
        isARequestToo(answer);
    }

    @Test
    void aGuestWhoseCertificateAndListWereFetchedIsJudgedAgainAsItWas() throws Exception {
        ObjectNode body = Machine.challengedWith(Http.nonce()).withoutCrl().attestation(KMS, "pinned");
        RequestBodies.cpu(body).remove("certificates");
        Answer answer = Http.post(ATTESTATIONS, body).ok();
        Case read = judgedAgain(answer);
        assertEquals(2, read.gathered().size());
        assertTrue(read.endorsements().isEmpty());
        isARequestToo(answer);
    }

    @Test
    void aKeyThatTheEvidenceCommitsToIsRecordedWithIt() throws IOException, CaseException, JOSEException {
        JWK key = new ECKeyGenerator(Curve.P_256).generate().toPublicJWK();
        judgedAgain(Http.post(
                        ATTESTATIONS,
                        Machine.challengedWith(Http.nonce()).key(key).attestation(KMS, "pinned"))
                .ok());
    }

    @Test
    void aRefusalIsRecordedAsOne() throws IOException, CaseException {
        Answer answer = Http.post(
                        ATTESTATIONS,
                        Machine.challengedWith(Http.nonce())
                                .report(report -> report.policyDebug(true))
                                .attestation(KMS, "pinned"))
                .problem(403, "appraisal-refused");
        assertEquals(
                Optional.of(Case.Verdict.REFUSED),
                judgedAgain(answer).recorded().orElseThrow().verdict());
    }

    @Test
    void aTdWhoseCollateralWasFetchedIsJudgedAgainAsItWas() throws Exception {
        PCS.publish(FAMILY);
        Answer answer = Http.post(ATTESTATIONS, TdMachine.ofFamily(FAMILY).attestation(FedByPcs.KEY_SERVICE, "td"))
                .ok();
        Case read = judgedAgain(answer);
        assertEquals(4, read.gathered().size());
        isARequestToo(answer);
    }

    @Test
    void aTdThatBroughtItsTcbInfoIsJudgedAgainAsItWas() throws Exception {
        PCS.publish(FAMILY);
        Answer answer = Http.post(
                        ATTESTATIONS,
                        TdMachine.ofFamily(FAMILY)
                                .bringing(PCS.tcbInfo(TeeType.TDX, FAMILY).json())
                                .attestation(FedByPcs.KEY_SERVICE, "td"))
                .ok();
        Case read = judgedAgain(answer);
        assertTrue(read.endorsements().containsKey("intel.tcb_info"));
        assertTrue(read.endorsements().containsKey("intel.tcb_info_issuer_chain"));
        assertFalse(read.endorsements().containsKey("intel.qe_identity"));
    }

    @Test
    void eightGpusAreJudgedAgainAsTheyWere() throws Exception {
        NvidiaBoard board = NvidiaBoard.H100.withDriver("580.77.01").withVbios("96.00.CF.77.02");
        SoftwareGpu[] gpus = IntStream.range(0, 8)
                .mapToObj(number -> NVIDIA.publish(
                        NVIDIA.nvidia().h100("recorded %d".formatted(number)).with(board)))
                .toArray(SoftwareGpu[]::new);
        Answer answer = Http.post(ATTESTATIONS, GpuMachine.with(gpus).attestation(GPU_SERVICE, "gpus"))
                .ok();
        Case read = judgedAgain(answer);
        assertTrue(read.gathered().size() > 10, String.valueOf(read.gathered().size()));
        isARequestToo(answer);
    }

    @Test
    void draftsAreNotRecorded() throws IOException {
        ObjectNode body = Machine.challengedWith(Http.nonce()).appraisal("pinned");
        body.remove("policy");
        body.put("policy_source", """
                policy: draft
                version: "1"
                summary: A draft.
                expect: { cpu: { types: [sev-snp] } }
                rules:
                  - name: guest cannot be debugged
                    for: cpu
                    require: '!cpu.debug'
                    sets: configuration
                    because: It is a test.
                """);
        Answer draft = Http.post(APPRAISALS, body).ok();
        // What comes after it in the queue is there, so it would be too.
        fileOf(Http.post(APPRAISALS, Machine.challengedWith(Http.nonce()).appraisal("pinned"))
                .ok());
        String at = draft.json().get("evaluated_at").asText();
        assertTrue(written().stream().noneMatch(file -> at(file).equals(at)));
    }

    @Test
    void nobodyElseMayReadWhatIsRecorded() throws IOException {
        Path file = fileOf(
                Http.post(APPRAISALS, Machine.challengedWith(Http.nonce()).appraisal("pinned"))
                        .ok());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
        assertTrue(file.getFileName().toString().matches("\\d{8}T\\d{6}\\.\\d{3}Z-[0-9a-f]{16}-tokenless\\.json"));
    }

    @Test
    void replayingAgainstTheSamePolicyChangesNothing() throws Exception {
        fileOf(Http.post(ATTESTATIONS, Machine.challengedWith(Http.nonce()).attestation(KMS, "pinned"))
                .ok());
        AppraisalPolicy pinned = policies.find("pinned").orElseThrow();
        ReplayReport report = Replay.run(
                CaseFile.in(folder).stream(),
                new CaseReader(schemes),
                pinned,
                pinned,
                ReplayBounds.usual().with(ReplayBounds.Scope.ALL));
        assertTrue(report.judged() > 0);
        assertEquals(0, report.unreadable(), report.unreadableExamples().toString());
        assertEquals(0, report.newlyRefused() + report.newlyAdmitted() + report.statusChanged());
        assertEquals(0, report.otherThanRecorded());
        assertEquals(List.of(), report.rules());
    }

    @Test
    void metricsCountWhatIsRecorded() throws IOException {
        fileOf(Http.post(APPRAISALS, Machine.challengedWith(Http.nonce()).appraisal("pinned"))
                .ok());
        String metrics = Http.request().get("/q/metrics").asString();
        assertTrue(metrics.contains("countersign_recording_cases_total{outcome=\"written\"}"), metrics);
        assertTrue(metrics.contains("countersign_recording_bytes"), metrics);
    }
}
