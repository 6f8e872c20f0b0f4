package io.countersign.service;

import static io.countersign.service.FedByPcs.KEY_SERVICE;
import static io.countersign.service.FedByPcs.PCS;
import static io.countersign.service.RequestBodies.APPRAISALS;
import static io.countersign.service.RequestBodies.ATTESTATIONS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.insecure.IntelMachine;
import io.countersign.insecure.SoftwareStatement;
import io.countersign.service.collateral.FakeVendor;
import io.countersign.testkit.SoftwareEventLog;
import io.countersign.testkit.SoftwareIntels;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * TDs and enclaves that bring nothing but their quote, and a service that gathers the rest from Intel's. Each test has a
 * family of platforms of its own, so that none finds what another one fetched.
 */
@QuarkusTest
@TestProfile(FedByPcs.class)
class IntelGatheringOverHttpTest {
    private static final AtomicInteger FAMILIES = new AtomicInteger();
    private static final String AS_NEW_AS_ANY_SEEN = "TCB info of the TD is as new as any seen here";

    private final Bytes fmspc = Bytes.fromHex("c0de%08x".formatted(FAMILIES.incrementAndGet()));

    @Inject
    MovableClock clock;

    /** Nothing that another test made the service leave alone is left alone any more. */
    @BeforeEach
    void letSomeTimePass() {
        clock.moveOn(Duration.ofMinutes(2));
    }

    @AfterEach
    void openTheGate() {
        PCS.server().openGate();
    }

    private Answer attest() {
        return Http.post(ATTESTATIONS, TdMachine.ofFamily(fmspc).attestation(KEY_SERVICE, "td"));
    }

    private static JsonNode tdx(Answer answer) {
        return answer.cpu().at("/claims/tdx");
    }

    private List<String> askedForTheFamily() {
        return PCS.server().asked().stream()
                .filter(path -> path.contains(fmspc.toString()))
                .toList();
    }

    @Test
    void aTdThatBringsItsQuoteAloneGetsAToken() {
        PCS.publish(fmspc);
        Answer answer = attest().ok();
        assertEquals("affirming", answer.json().get("status").asText());
        assertEquals("genuine", answer.cpu().get("authenticity").asText());
        JsonNode claims = Token.read(answer).claims();
        assertEquals("tdx", claims.get("countersign_tee").asText());
        assertEquals(
                TdMachine.FIRMWARE.toString(),
                claims.get("countersign_measurement").asText());
        assertEquals("challenge", claims.get("countersign_freshness").asText());
        assertEquals("pinned", claims.get("countersign_workload").asText());
        assertFalse(claims.get("countersign_debug").booleanValue());
        assertTrue(claims.get("countersign_insecure").booleanValue());
        assertEquals("UpToDate", tdx(answer).get("tcb_status").asText());
        assertEquals(fmspc.toString(), tdx(answer).get("fmspc").asText());
        assertEquals(List.of(LaboratoryPcs.path(TeeType.TDX, fmspc)), askedForTheFamily());
    }

    @Test
    void anotherFirmwareGetsNone() {
        PCS.publish(fmspc);
        Answer answer = Http.post(
                        ATTESTATIONS,
                        TdMachine.ofFamily(fmspc)
                                .firmware(Bytes.utf8("another").sha384())
                                .attestation(KEY_SERVICE, "td"))
                .problem(403, "appraisal-refused");
        assertEquals("genuine", answer.cpu().get("authenticity").asText());
        assertEquals("failed", answer.rules().get("runs what is approved"));
    }

    @Test
    void whatWasFetchedOnceServesTheNextMachineToo() {
        PCS.publish(fmspc);
        attest().ok();
        List<String> asked = PCS.server().asked();
        attest().ok();
        List<String> since = PCS.server().asked();
        // What other families have of short life is renewed in the background.
        assertEquals(
                List.of(),
                since.subList(asked.size(), since.size()).stream()
                        .filter(path -> !path.contains("fmspc=") || path.contains(fmspc.toString()))
                        .toList());
    }

    @Test
    void theTokenEndsNoLaterThanTheFirstThingItRestsOn() {
        Instant end = clock.instant().truncatedTo(ChronoUnit.SECONDS).plusSeconds(100);
        PCS.publish(TeeType.TDX, fmspc, info -> info.with(body -> body.put("nextUpdate", end.toString())));
        Answer answer = attest().ok();
        assertEquals(end, Token.read(answer).expiresAt());
        assertEquals(end.toString(), tdx(answer).get("collateral_expires_at").asText());
    }

    @Test
    void anOutageAtFirstContactLeavesTheChallengeUsable() {
        PCS.publish(fmspc);
        ObjectNode body = TdMachine.ofFamily(fmspc).attestation(KEY_SERVICE, "td");
        PCS.server().goDown();
        Answer away;
        try {
            away = Http.post(ATTESTATIONS, body);
        } finally {
            PCS.server().comeBack();
        }
        int seconds = retryAfter(away.problem(503, "endorsement-unavailable"));
        assertEquals("undetermined", away.outcomes().get("tdx.collateral"));
        assertFalse(away.json().has("token"));
        clock.moveOn(Duration.ofSeconds(seconds));
        Http.post(ATTESTATIONS, body).ok();
        Http.post(ATTESTATIONS, body).problem(409, "nonce-used");
    }

    @Test
    void aThrottlingServiceIsLeftAloneForAsLongAsItSays() {
        PCS.answer(TeeType.TDX, fmspc, FakeVendor.status(429, "Retry-After", "45"));
        int seconds = retryAfter(attest().problem(503, "endorsement-unavailable"));
        assertTrue(seconds > 40 && seconds <= 45, "" + seconds);
        PCS.publish(fmspc);
        int later = retryAfter(attest().problem(503, "endorsement-unavailable"));
        assertTrue(later <= seconds, "" + later);
        assertEquals(1, askedForTheFamily().size());
        clock.moveOn(Duration.ofSeconds(seconds));
        attest().ok();
    }

    private static int retryAfter(Answer answer) {
        assertTrue(answer.json().get("retryable").booleanValue());
        int seconds = Integer.parseInt(answer.header("retry-after"));
        assertTrue(seconds >= 1, answer.text());
        return seconds;
    }

    @Test
    void aServiceThatDoesNotAnswerInTimeIsAnOutageUntilItDoes() {
        PCS.publish(fmspc);
        PCS.server().closeGate(LaboratoryPcs.path(TeeType.TDX, fmspc));
        Answer slow = attest().problem(503, "endorsement-unavailable");
        assertEquals("undetermined", slow.outcomes().get("tdx.collateral"));
        clock.moveOn(Duration.ofSeconds(retryAfter(slow)));
        PCS.server().openGate();
        attest().ok();
        assertEquals(1, askedForTheFamily().size(), "the fetch that was slow counts once it lands");
    }

    @Test
    void tcbInfoThatHasEndedIsAsGoodAsNone() {
        Instant end = clock.instant().truncatedTo(ChronoUnit.SECONDS).minusSeconds(1);
        PCS.publish(TeeType.TDX, fmspc, info -> info.with(body -> body.put("nextUpdate", end.toString())));
        Answer answer = attest().problem(403, "appraisal-refused");
        assertEquals("undetermined", answer.outcomes().get("tdx.collateral"));
        assertFalse(answer.json().has("token"));
    }

    @Test
    void tcbInfoOfAnotherFamilyIsRefused() {
        Bytes other = Bytes.fromHex("0123456789ab");
        PCS.answer(
                TeeType.TDX,
                fmspc,
                LaboratoryPcs.tcbInfoReply(PCS.tcbInfo(TeeType.TDX, other), SoftwareIntels.trusted()));
        Answer answer = attest().problem(403, "appraisal-refused");
        assertEquals("failed", answer.outcomes().get("tdx.collateral"));
        assertEquals("rejected", answer.cpu().get("authenticity").asText());
        assertFalse(answer.cpu().has("claims"));
    }

    @Test
    void aFamilyThatNobodyKnowsIsRefusedAndNoOutage() {
        Answer answer = attest().problem(403, "appraisal-refused");
        assertEquals("undetermined", answer.outcomes().get("tdx.collateral"));
        assertEquals("undetermined", answer.cpu().get("authenticity").asText());
    }

    @Test
    void forgedTcbInfoIsRefusedAndLeavesNoTrace() {
        var foreign = SoftwareIntels.foreign();
        PCS.answer(
                TeeType.TDX,
                fmspc,
                LaboratoryPcs.tcbInfoReply(
                        PCS.tcbInfo(foreign, TeeType.TDX, fmspc)
                                .with(info -> info.put("tcbEvaluationDataNumber", 2_000_000)),
                        foreign));
        Answer forged = attest().problem(403, "appraisal-refused");
        assertEquals("failed", forged.outcomes().get("tdx.collateral"));
        PCS.publish(fmspc);
        clock.moveOn(Duration.ofMinutes(1));
        attest().ok();
        Answer brought = appraise(PCS.tcbInfo(TeeType.TDX, fmspc));
        assertFalse(tdx(brought).get("tcb_evaluation_outdated").booleanValue());
    }

    @Test
    void aPlatformThatIsNotUpToDateIsToldWhatIsBehind() {
        PCS.publish(
                TeeType.TDX,
                fmspc,
                info -> info.with(body -> ((ObjectNode) body.at("/tcbLevels/0/tcb/sgxtcbcomponents/0"))
                        .put("svn", IntelMachine.SGX_COMPONENTS.getFirst() + 1)));
        Answer answer = attest().problem(403, "appraisal-refused");
        assertEquals("failed", answer.outcomes().get("tdx.tcb"));
        assertEquals("genuine", answer.cpu().get("authenticity").asText());
        assertEquals("OutOfDate", tdx(answer).get("tcb_status").asText());
        assertTrue(tdx(answer).get("advisory_ids").toString().contains("INTEL-SA-01192"), answer.text());
        assertEquals(1, tdx(answer).get("tcb_shortfalls").size());
        assertTrue(answer.text().contains("Update the BIOS"), answer.text());
        assertFalse(answer.json().has("token"));
    }

    @Test
    void anEventLogThatReplaysExplainsTheRegisters() {
        PCS.publish(fmspc);
        Answer answer = Http.post(
                        ATTESTATIONS,
                        TdMachine.ofFamily(fmspc)
                                .booting(SoftwareEventLog.grubGuest("root=/dev/dm-0 ro"))
                                .attestation(KEY_SERVICE, "td"))
                .ok();
        assertEquals("passed", answer.outcomes().get("tdx.event-log"));
        assertTrue(tdx(answer).get("event_log").get("secure_boot").booleanValue());
        assertTrue(
                tdx(answer).at("/event_log/grub_commands").toString().contains("linux root=/dev/dm-0 ro"),
                answer.text());
    }

    private Answer appraise(SoftwareStatement tcbInfo) {
        return Http.post(
                        APPRAISALS,
                        TdMachine.ofFamily(fmspc).bringing(tcbInfo.json()).appraisal("baseline"))
                .ok();
    }

    private SoftwareStatement numbered(int number) {
        return PCS.tcbInfo(TeeType.TDX, fmspc).with(info -> info.put("tcbEvaluationDataNumber", number));
    }

    @Test
    void tcbInfoOfAnOlderEvaluationThanWasFetchedIsNoticed() {
        PCS.publish(fmspc);
        attest().ok();
        Answer brought = appraise(numbered(17));
        assertTrue(tdx(brought).get("tcb_evaluation_outdated").booleanValue());
        assertEquals(17, tdx(brought).at("/tcb_evaluation_rollback/brought").intValue());
        assertEquals(
                LaboratoryPcs.EVALUATION,
                tdx(brought).at("/tcb_evaluation_rollback/fetched").intValue());
        assertEquals("failed", brought.rules().get(AS_NEW_AS_ANY_SEEN));
        ObjectNode body =
                TdMachine.ofFamily(fmspc).bringing(numbered(17).json()).attestation(KEY_SERVICE, "td");
        Http.post(ATTESTATIONS, body).problem(403, "appraisal-refused");
    }

    @Test
    void asOfAnotherTimeNothingIsComparedWithWhatWasFetchedSince() {
        PCS.publish(fmspc);
        attest().ok();
        ObjectNode body = TdMachine.ofFamily(fmspc)
                .bringing(numbered(17).json())
                .appraisal("baseline")
                .put("at", clock.instant().toString());
        Answer answer = Http.post(APPRAISALS, body).ok();
        assertFalse(tdx(answer).get("tcb_evaluation_outdated").booleanValue());
        assertFalse(tdx(answer).has("tcb_evaluation_rollback"));
        assertEquals("passed", answer.rules().get(AS_NEW_AS_ANY_SEEN));
        assertEquals("affirming", answer.json().get("status").asText());
    }

    @Test
    void whatARequestBringsMakesNothingElseOutdated() {
        PCS.publish(fmspc);
        attest().ok();
        Answer early = appraise(numbered(99));
        assertEquals(99, tdx(early).get("tcb_evaluation_data_number").intValue());
        assertEquals("affirming", early.json().get("status").asText());
        attest().ok();
        assertFalse(tdx(appraise(numbered(LaboratoryPcs.EVALUATION)))
                .get("tcb_evaluation_outdated")
                .booleanValue());
    }

    /** A newer one for the wrong family would be no help. */
    @Test
    void whatIsWrongWithBroughtTcbInfoIsToldAtOnce() {
        Bytes other = Bytes.fromHex("0123456789ab");
        String end =
                clock.instant().truncatedTo(ChronoUnit.SECONDS).minusSeconds(1).toString();
        Answer answer = appraise(PCS.tcbInfo(TeeType.TDX, other).with(info -> info.put("nextUpdate", end)));
        JsonNode failed = StreamSupport.stream(answer.cpu().get("checks").spliterator(), false)
                .filter(check -> check.get("code").asText().equals("tdx.collateral"))
                .findFirst()
                .orElseThrow();
        assertEquals("failed", failed.get("outcome").asText());
        assertTrue(failed.get("actual").asText().contains(end), answer.text());
        assertTrue(failed.get("actual").asText().contains(other.toString()), answer.text());
    }

    @Test
    void anEnclaveGetsATokenByWhatItIs() {
        PCS.publish(TeeType.SGX, fmspc, info -> info);
        Answer answer = Http.post(
                        ATTESTATIONS, TdMachine.ofFamily(fmspc).enclave().attestation(KEY_SERVICE, "enclave"))
                .ok();
        JsonNode claims = Token.read(answer).claims();
        assertEquals("sgx", claims.get("countersign_tee").asText());
        assertEquals(
                TdMachine.ENCLAVE.toString(),
                claims.get("countersign_measurement").asText());
        assertEquals(
                TdMachine.ENCLAVE.toString(),
                answer.cpu().at("/claims/sgx/mr_enclave").asText());
        Http.post(ATTESTATIONS, TdMachine.ofFamily(fmspc).enclave().attestation(KEY_SERVICE, "td"))
                .problem(403, "appraisal-refused");
    }
}
