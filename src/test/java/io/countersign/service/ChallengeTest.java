package io.countersign.service;

import static io.countersign.service.Laboratory.KMS;
import static io.countersign.service.RequestBodies.ATTESTATIONS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.verifier.bytes.Bytes;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A challenge from its making to its end: spent once, expired, or never ours. */
@QuarkusTest
@TestProfile(Laboratory.class)
class ChallengeTest {
    @Inject
    MovableClock clock;

    @AfterEach
    void putTheClockBack() {
        clock.reset();
    }

    private static Answer attest(String nonce) {
        return Http.post(ATTESTATIONS, Machine.challengedWith(nonce).attestation(KMS, "pinned"));
    }

    private static String challenge(String body) {
        return Http.post("/v1/challenges", body).ok().json().get("nonce").asText();
    }

    @Test
    void aChallengeSaysWhatItIsGoodFor() {
        Instant before = Instant.now();
        JsonNode challenge = Http.challenge().json();
        assertEquals(List.of("nonce", "expires_at", "binding"), names(challenge));
        byte[] nonce = Base64.getUrlDecoder().decode(challenge.get("nonce").asText());
        assertTrue(nonce.length >= 32 && nonce.length <= 48);
        assertTrue(Bytes.copyOf(nonce).startsWith(Bytes.fromHex("435301")));
        Instant expiry = Instant.parse(challenge.get("expires_at").asText());
        assertFalse(expiry.isBefore(before.plusSeconds(299)));
        assertFalse(expiry.isAfter(Instant.now().plusSeconds(300)));
        assertEquals("countersign-v1", challenge.get("binding").asText());
    }

    private static List<String> names(JsonNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void aBodyLongerThanTwoNamesCanBeIsNotRead() {
        String names = "{\"audience\":\"%s\"}".formatted(KMS);
        Http.post("/v1/challenges", names + " ".repeat(16 * 1024 - names.length()))
                .ok();
        Http.post("/v1/challenges", names + " ".repeat(16 * 1024)).problem(413, "request-too-large");
    }

    @Test
    void noTwoChallengesAreAlike() {
        var seen = new HashSet<String>();
        for (int i = 0; i < 50; i++) {
            assertTrue(seen.add(Http.nonce()));
        }
    }

    @Test
    void aChallengeIsSpentByTheTokenThatIsMadeWithIt() {
        String nonce = Http.nonce();
        attest(nonce).ok();
        attest(nonce).problem(409, "nonce-used");
        // Another encoding of the same bytes is the same challenge.
        ObjectNode padded =
                Machine.challengedWith(nonce).attestation(KMS, "pinned").put("nonce", nonce + "=");
        Http.post(ATTESTATIONS, padded).problem(409, "nonce-used");
    }

    @Test
    void ofSixteenRequestsAtOnceExactlyOneGetsAToken() throws Exception {
        String nonce = Http.nonce();
        String body = Machine.challengedWith(nonce).attestation(KMS, "pinned").toString();
        var together = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = IntStream.range(0, 16)
                    .mapToObj(_ -> threads.submit((Callable<Answer>) () -> {
                        together.await();
                        return Http.post(ATTESTATIONS, body);
                    }))
                    .toList();
            together.countDown();
            int tokens = 0;
            for (var answer : answers) {
                if (answer.get().status() == 200) {
                    tokens++;
                } else {
                    answer.get().problem(409, "nonce-used");
                }
            }
            assertEquals(1, tokens);
        }
    }

    @Test
    void aRefusalLeavesTheChallengeUsable() {
        String nonce = Http.nonce();
        ObjectNode debugged = Machine.challengedWith(nonce)
                .report(report -> report.policyDebug(true))
                .attestation(KMS, "pinned");
        Http.post(ATTESTATIONS, debugged).problem(403, "appraisal-refused");
        ObjectNode malformed = Machine.challengedWith(nonce).attestation(KMS, "pinned");
        RequestBodies.cpu(malformed).put("report", "AAAA");
        Http.post(ATTESTATIONS, malformed).problem(422, "evidence-malformed");
        Http.post(ATTESTATIONS, Machine.challengedWith(nonce).attestation(KMS, "pins-nothing"))
                .problem(403, "policy-not-allowed");
        Http.post(
                        ATTESTATIONS,
                        Machine.challengedWith(nonce)
                                .attestation(KMS, "pinned")
                                .put("policy_digest", "sha256:" + "0".repeat(64)))
                .problem(409, "policy-digest-differs");
        Http.post("/v1/appraisals", Machine.challengedWith(nonce).appraisal("pinned"))
                .ok();
        attest(nonce).ok();
    }

    @Test
    void appraisalsNeverSpendAndTakeAnyNonce() {
        String nonce = Http.nonce();
        attest(nonce).ok();
        Answer spent = Http.post("/v1/appraisals", Machine.challengedWith(nonce).appraisal("pinned"))
                .ok();
        assertEquals("affirming", spent.json().get("status").asText());
        String foreign = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[16]);
        Answer other = Http.post(
                        "/v1/appraisals", Machine.challengedWith(foreign).appraisal("pinned"))
                .ok();
        assertEquals("passed", other.outcomes().get("snp.binding"));
    }

    @Test
    void aChallengeEndsAtItsExpiry() {
        String nonce = Http.nonce();
        clock.moveOn(Duration.ofSeconds(290));
        String second = Http.nonce();
        attest(nonce).ok();
        clock.moveOn(Duration.ofSeconds(301));
        Answer expired = attest(second).problem(410, "nonce-expired");
        assertTrue(expired.json().get("hint").asText().contains("/v1/challenges"));
        // Spent and expired: it is told that it expired, for spent ones are forgotten then.
        attest(nonce).problem(410, "nonce-expired");
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 31, 32, 33, 48, 49, 64})
    void whateverBeginsLikeAChallengeIsOneAndNothingElse(int length) {
        byte[] nonce = new byte[length];
        nonce[0] = 0x43;
        nonce[1] = 0x53;
        nonce[2] = 0x01;
        // An expiry far ahead, so that only the MAC is wrong.
        nonce[3] = 0x7F;
        attest(Base64.getUrlEncoder().withoutPadding().encodeToString(nonce)).problem(400, "nonce-unknown");
    }

    @Test
    void everyByteOfAChallengeIsProtected() {
        byte[] nonce = Base64.getUrlDecoder().decode(Http.nonce());
        for (int i = 3; i < nonce.length; i++) {
            byte[] changed = nonce.clone();
            changed[i] ^= 1;
            attest(Base64.getUrlEncoder().withoutPadding().encodeToString(changed))
                    .problem(400, "nonce-unknown");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 32, 64})
    void aNonceOfTheCallersOwnIsNotTaken(int length) {
        attest(Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[length]))
                .problem(403, "nonce-not-ours");
    }

    @Test
    void aChallengeForOneAudienceIsGoodForNoOther() {
        String nonce = challenge("{\"audience\":\"" + Laboratory.DETAILED + "\"}");
        attest(nonce).problem(400, "nonce-unknown");
        Http.post(ATTESTATIONS, Machine.challengedWith(nonce).attestation(Laboratory.DETAILED, "any"))
                .ok();
    }

    @Test
    void aChallengeForOnePolicyIsGoodForNoOther() {
        String nonce = challenge("{\"policy\":\"any\"}");
        attest(nonce).problem(400, "nonce-unknown");
        Http.post(ATTESTATIONS, Machine.challengedWith(nonce).attestation(KMS, "any"))
                .ok();
        String both = challenge("{\"audience\":\"" + KMS + "\",\"policy\":\"pinned\"}");
        Http.post(ATTESTATIONS, Machine.challengedWith(both).attestation(KMS, "any"))
                .problem(400, "nonce-unknown");
        attest(both).ok();
    }

    @Test
    void audienceAndPolicyAreNotRunTogether() {
        // The same letters cut at another place are another scope.
        String nonce = challenge("{\"audience\":\"" + KMS + "p\",\"policy\":\"inned\"}");
        attest(nonce).problem(400, "nonce-unknown");
    }

    @Test
    void anEmptyObjectAsksForAChallengeForEverything() {
        attest(challenge("{}")).ok();
    }
}
