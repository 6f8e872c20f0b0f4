package io.countersign.service;

import static io.countersign.service.Laboratory.KMS;
import static io.countersign.service.RequestBodies.ATTESTATIONS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.BindingMethod;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets a token, who does not, and why. */
@QuarkusTest
@TestProfile(Laboratory.class)
class AttestationTest {
    private static Machine machine() {
        return Machine.challengedWith(Http.nonce());
    }

    @Test
    void aSoundMachineThatRunsTheApprovedImageGetsAToken() {
        Answer answer =
                Http.post(ATTESTATIONS, machine().attestation(KMS, "pinned")).ok();
        assertEquals("affirming", answer.json().get("status").asText());
        assertEquals("genuine", answer.cpu().get("authenticity").asText());
        assertEquals("pinned", answer.json().at("/policy/id").asText());
        assertTrue(answer.json().get("insecure").booleanValue());
        assertEquals("no-store", answer.header("cache-control"));
        assertEquals(
                answer.json().get("expires_at").asText(),
                Token.read(answer).expiresAt().toString());
    }

    @Test
    void theFirstPolicyOfTheAudienceJudgesWhereNoneIsNamed() {
        ObjectNode body = machine().attestation(KMS, "any");
        body.remove("policy");
        assertEquals(
                "pinned",
                Http.post(ATTESTATIONS, body).ok().json().at("/policy/id").asText());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/eat+jwt",
                "application/eat+jwt, application/json;q=0.5",
                "application/problem+json;q=0.1, application/eat+jwt"
            })
    void whoAcceptsOnlyATokenGetsTheBareToken(String accept) {
        Answer answer = Http.post(ATTESTATIONS, bytes(machine().attestation(KMS, "pinned")), Map.of("Accept", accept))
                .ok();
        assertTrue(answer.mediaType().startsWith("application/eat+jwt"), answer.mediaType());
        assertEquals("no-store", answer.header("cache-control"));
        assertEquals(
                "pinned",
                Token.of(answer.text()).claims().get("countersign_policy_id").asText());
    }

    @Test
    void whoAcceptsOnlyATokenGetsAProblemLikeEverybodyElse() {
        ObjectNode body = machine().report(report -> report.policyDebug(true)).attestation(KMS, "pinned");
        Http.post(ATTESTATIONS, bytes(body), Map.of("Accept", "application/eat+jwt"))
                .problem(403, "appraisal-refused");
    }

    private static byte[] bytes(ObjectNode body) {
        return Bytes.utf8(body.toString()).toByteArray();
    }

    @Test
    void aRefusalCarriesTheWholeResultAndNoToken() {
        ObjectNode body = machine().report(report -> report.policyDebug(true)).attestation(KMS, "pinned");
        Answer answer = Http.post(ATTESTATIONS, body).problem(403, "appraisal-refused");
        assertEquals("contraindicated", answer.json().get("ear_status").asText());
        for (String member : List.of("evaluated_at", "policy", "checks", "submods", "rules", "insecure")) {
            assertTrue(answer.json().has(member), member);
        }
        assertFalse(answer.json().has("token"));
        assertFalse(answer.json().has("expires_at"));
        assertFalse(answer.text().contains("eyJ"), answer.text());
        assertEquals("genuine", answer.cpu().get("authenticity").asText());
        assertEquals("failed", answer.rules().get("guest cannot be debugged"));
        assertEquals("passed", answer.rules().get("image is approved"));
    }

    @Test
    void anotherImageIsRefusedByThePinAndByNothingElse() {
        Bytes other = Bytes.utf8("another image").sha384();
        ObjectNode body = machine().report(report -> report.measurement(other)).attestation(KMS, "pinned");
        Answer answer = Http.post(ATTESTATIONS, body).problem(403, "appraisal-refused");
        answer.rules()
                .forEach((name, word) ->
                        assertEquals(name.equals("image is approved") ? "failed" : "passed", word, name));
        assertEquals("genuine", answer.cpu().get("authenticity").asText());
    }

    @Test
    void evidenceForAnotherNonceIsRejected() {
        ObjectNode body = machine().attestation(KMS, "pinned");
        Answer answer = Http.post(ATTESTATIONS, body.put("nonce", Http.nonce())).problem(403, "appraisal-refused");
        assertEquals("failed", answer.outcomes().get("snp.binding"));
        assertEquals("rejected", answer.cpu().get("authenticity").asText());
        assertFalse(answer.cpu().has("claims"));
    }

    @Test
    void anAudienceThatIsNotRegisteredGetsNothing() {
        ObjectNode body = machine().attestation("https://nobody.example", "pinned");
        Answer answer = Http.post(ATTESTATIONS, body).problem(403, "audience-unknown");
        assertTrue(answer.json().get("hint").asText().contains("countersign.audiences."), answer.text());
        Http.post(ATTESTATIONS, machine().attestation(KMS + "/", "pinned")).problem(403, "audience-unknown");
    }

    @Test
    void aPolicyOutsideTheAudiencesListIsNotAllowed() {
        Http.post(ATTESTATIONS, machine().attestation(KMS, "baseline")).problem(403, "policy-not-allowed");
        Http.post(ATTESTATIONS, machine().attestation(Laboratory.DETAILED, "pinned"))
                .problem(403, "policy-not-allowed");
    }

    @Test
    void aPolicyThatPinsNothingIsNotAllowed() {
        Answer answer = Http.post(ATTESTATIONS, machine().attestation(KMS, "pins-nothing"))
                .problem(403, "policy-not-allowed");
        assertTrue(answer.json().get("hint").asText().contains("any-workload"), answer.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"never-written", "never-heard-of", "broken", "../baseline"})
    void aPolicyThatIsNotLoadedIsUnknown(String id) {
        Http.post(ATTESTATIONS, machine().attestation(KMS, id)).problem(404, "policy-unknown");
        Http.post("/v1/appraisals", machine().appraisal(id)).problem(404, "policy-unknown");
    }

    @Test
    void anotherContentThanExpectedIsAConflict() {
        String digest = Http.get("/v1/policies/pinned").json().get("digest").asText();
        Http.post(ATTESTATIONS, machine().attestation(KMS, "pinned").put("policy_digest", digest))
                .ok();
        String other = "sha256:" + "0".repeat(64);
        Answer answer = Http.post(
                        ATTESTATIONS, machine().attestation(KMS, "pinned").put("policy_digest", other))
                .problem(409, "policy-digest-differs");
        assertTrue(answer.json().get("detail").asText().contains(digest), answer.text());
        Http.post("/v1/appraisals", machine().appraisal("pinned").put("policy_digest", other))
                .problem(409, "policy-digest-differs");
    }

    @Test
    void aKeyThatTheEvidenceCommitsToIsConfirmed() throws JOSEException {
        JWK key = new ECKeyGenerator(Curve.P_256).generate().toPublicJWK();
        Answer answer = Http.post(ATTESTATIONS, machine().key(key).attestation(KMS, "pinned"))
                .ok();
        var claims = Token.read(answer).claims();
        var confirmed = claims.at("/cnf/jwk");
        assertEquals(key.toECKey().getX().toString(), confirmed.get("x").asText());
        assertEquals(key.toECKey().getY().toString(), confirmed.get("y").asText());
        assertEquals(key.computeThumbprint().toString(), confirmed.get("kid").asText());
        assertTrue(claims.get("countersign_key_bound").booleanValue());
    }

    @Test
    void aKeyThatTheEvidenceDoesNotCommitToIsRefused() throws JOSEException {
        JWK key = new ECKeyGenerator(Curve.P_256).generate().toPublicJWK();
        JWK other = new ECKeyGenerator(Curve.P_256).generate().toPublicJWK();
        Answer swapped = Http.post(
                        ATTESTATIONS, machine().key(key).committingTo(other).attestation(KMS, "pinned"))
                .problem(403, "appraisal-refused");
        assertEquals("failed", swapped.outcomes().get("snp.binding"));
        ObjectNode keyLeftOut = machine().key(key).attestation(KMS, "pinned");
        keyLeftOut.remove("key");
        assertEquals(
                "failed",
                Http.post(ATTESTATIONS, keyLeftOut)
                        .problem(403, "appraisal-refused")
                        .outcomes()
                        .get("snp.binding"));
    }

    @Test
    void theBindingNonceIsTakenOnlyWhereThePolicyListsIt() {
        Answer listed = Http.post(
                        ATTESTATIONS, machine().binding(BindingMethod.NONCE).attestation(KMS, "plain-nonce"))
                .ok();
        assertEquals(
                "nonce", Token.read(listed).claims().get("countersign_binding").asText());
        Answer unlisted = Http.post(
                        ATTESTATIONS, machine().binding(BindingMethod.NONCE).attestation(KMS, "pinned"))
                .problem(403, "appraisal-refused");
        assertEquals("passed", unlisted.outcomes().get("snp.binding"));
        assertEquals("undetermined", unlisted.compositeOutcomes().get("composite.binding"));
        Http.post(ATTESTATIONS, machine().attestation(KMS, "plain-nonce")).problem(403, "appraisal-refused");
    }

    @Test
    void aPolicyThatMintsAtWarningGivesAWarningToken() {
        Answer answer =
                Http.post(ATTESTATIONS, machine().attestation(KMS, "warns")).ok();
        assertEquals("warning", answer.json().get("status").asText());
        assertEquals("warning", Token.read(answer).claims().get("ear_status").asText());
    }

    @Test
    void offlineAMissingRevocationListIsARefusalAndNoOutage() {
        Answer answer = Http.post(ATTESTATIONS, machine().withoutCrl().attestation(KMS, "pinned"))
                .problem(403, "appraisal-refused");
        assertEquals("undetermined", answer.outcomes().get("snp.revocation"));
        assertEquals("undetermined", answer.cpu().get("authenticity").asText());
    }

    @Test
    void anExpiredRevocationListFails() {
        Answer answer = Http.post(
                        ATTESTATIONS,
                        machine().crlGoodFor(Duration.ofSeconds(-1)).attestation(KMS, "pinned"))
                .problem(403, "appraisal-refused");
        assertEquals("failed", answer.outcomes().get("snp.revocation"));
    }

    @Test
    void evidenceThatDoesNotParseIsNoRefusal() {
        ObjectNode body = machine().attestation(KMS, "pinned");
        RequestBodies.cpu(body).put("report", "AAAA");
        Http.post(ATTESTATIONS, body).problem(422, "evidence-malformed");
    }
}
