package io.countersign.service;

import static io.countersign.service.Laboratory.KMS;
import static io.countersign.service.RequestBodies.ATTESTATIONS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stands in a token: section 7 of the design, member by member. */
@QuarkusTest
@TestProfile(Laboratory.class)
class TokenTest {
    @Inject
    MovableClock clock;

    @AfterEach
    void putTheClockBack() {
        clock.reset();
    }

    private static Machine machine() {
        return Machine.challengedWith(Http.nonce());
    }

    private static Token token(Machine machine, String audience, String policy) {
        return Token.read(
                Http.post(ATTESTATIONS, machine.attestation(audience, policy)).ok());
    }

    private static List<String> names(JsonNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void holdsExactlyTheClaimsOfTheContract() {
        JsonNode claims = token(machine(), KMS, "pinned").claims();
        assertEquals(
                List.of(
                        "eat_profile",
                        "iss",
                        "sub",
                        "aud",
                        "iat",
                        "nbf",
                        "exp",
                        "jti",
                        "eat_nonce",
                        "ear_verifier_id",
                        "ear_status",
                        "submods",
                        "countersign_policy_id",
                        "countersign_policy_version",
                        "countersign_policy_digest",
                        "countersign_evidence_digest",
                        "countersign_result_digest",
                        "countersign_tee",
                        "countersign_measurement",
                        "countersign_debug",
                        "countersign_gpu_count",
                        "countersign_binding",
                        "countersign_key_bound",
                        "countersign_freshness",
                        "countersign_workload",
                        "countersign_insecure"),
                names(claims));
        assertEquals(List.of("cpu0"), names(claims.get("submods")));
        assertEquals(
                List.of("ear_status", "ear_trustworthiness_vector", "ear_appraisal_policy_ids", "dbgstat"),
                names(claims.at("/submods/cpu0")));
    }

    @Test
    void saysWhatTheResultSays() {
        String nonce = Http.nonce();
        Answer answer = Http.post(ATTESTATIONS, Machine.challengedWith(nonce).attestation(KMS, "pinned"))
                .ok();
        JsonNode claims = Token.read(answer).claims();
        assertEquals("tag:ietf.org,2026:rats/ear#03", claims.get("eat_profile").asText());
        assertEquals(
                "http://localhost:" + RestAssured.port + "/insecure",
                claims.get("iss").asText());
        assertEquals(KMS, claims.get("aud").asText());
        assertEquals(nonce, claims.get("eat_nonce").asText());
        assertEquals(24, Base64.getUrlDecoder().decode(claims.get("jti").asText()).length);
        assertEquals("affirming", claims.get("ear_status").asText());
        assertEquals("affirming", claims.at("/submods/cpu0/ear_status").asText());
        assertEquals(answer.cpu().get("trustworthiness_vector"), claims.at("/submods/cpu0/ear_trustworthiness_vector"));
        assertEquals(
                "pinned", claims.at("/submods/cpu0/ear_appraisal_policy_ids/0").asText());
        assertEquals("disabled-since-boot", claims.at("/submods/cpu0/dbgstat").asText());
        assertEquals(Set.of("developer", "build"), Set.copyOf(names(claims.get("ear_verifier_id"))));
        assertEquals(answer.json().at("/policy/id"), claims.get("countersign_policy_id"));
        assertEquals(answer.json().at("/policy/version"), claims.get("countersign_policy_version"));
        assertEquals(answer.json().at("/policy/digest"), claims.get("countersign_policy_digest"));
        assertEquals("sev-snp", claims.get("countersign_tee").asText());
        assertEquals(
                Machine.AMD.measurement().toString(),
                claims.get("countersign_measurement").asText());
        assertFalse(claims.get("countersign_debug").booleanValue());
        assertTrue(claims.get("countersign_debug").isBoolean());
        assertEquals(0, claims.get("countersign_gpu_count").intValue());
        assertTrue(claims.get("countersign_gpu_count").isIntegralNumber());
        assertEquals("countersign-v1", claims.get("countersign_binding").asText());
        assertFalse(claims.get("countersign_key_bound").booleanValue());
        assertEquals("challenge", claims.get("countersign_freshness").asText());
        assertEquals("pinned", claims.get("countersign_workload").asText());
        assertTrue(claims.get("countersign_insecure").booleanValue());
        for (String digest :
                List.of("countersign_policy_digest", "countersign_evidence_digest", "countersign_result_digest")) {
            assertTrue(Pattern.matches("sha256:[0-9a-f]{64}", claims.get(digest).asText()), digest);
        }
    }

    @Test
    void theHeaderNamesKeyTypeAndAlgorithmOnly() {
        Token token = token(machine(), KMS, "pinned");
        assertEquals(3, token.header().size());
        assertEquals("eat+jwt", token.header().get("typ").asText());
        assertEquals("ES256", token.header().get("alg").asText());
        JsonNode key = Http.get("/.well-known/jwks.json").ok().json().at("/keys/0");
        assertEquals(key.get("kid"), token.header().get("kid"));
        assertEquals(
                "JWT",
                token(machine(), Laboratory.DETAILED, "any").header().get("typ").asText());
    }

    @Test
    void noMachineCanBeTracedByIt() throws JOSEException {
        JWK key = new ECKeyGenerator(Curve.P_256).generate().toPublicJWK();
        for (String audience : List.of(KMS, Laboratory.DETAILED)) {
            Token token = token(machine().key(key), audience, "any");
            assertFalse(token.claims().toString().contains(Machine.AMD.chipId().toString()));
            assertFalse(token.claims().toString().contains("chip_id"));
            assertTrue(
                    token.compact().length() < 4000,
                    () -> "length " + token.compact().length());
        }
    }

    @Test
    void aDetailedTokenNamesTheHardwareModel() {
        JsonNode cpu = token(machine(), Laboratory.DETAILED, "any").claims().at("/submods/cpu0");
        assertEquals(
                "Milan",
                new String(
                        Base64.getUrlDecoder().decode(cpu.get("hwmodel").asText()),
                        java.nio.charset.StandardCharsets.UTF_8));
        assertEquals(3704, cpu.get("oemid").intValue());
    }

    @Test
    void aPolicyForAnyWorkloadPutsItsReasonIntoTheToken() {
        JsonNode claims = token(machine(), KMS, "any").claims();
        assertEquals("any", claims.get("countersign_workload").asText());
        assertEquals(
                LaboratoryPolicies.ANY_REASON,
                claims.get("countersign_workload_reason").asText());
    }

    @Test
    void livesFiveMinutesAtMost() {
        Token token = token(machine(), KMS, "pinned");
        assertEquals(Duration.ofMinutes(5), Duration.between(token.issuedAt(), token.expiresAt()));
        assertEquals(token.claims().get("iat"), token.claims().get("nbf"));
        assertTrue(Duration.between(token.issuedAt(), Instant.now()).abs().compareTo(Duration.ofSeconds(30)) < 0);
    }

    @Test
    void endsWithTheRevocationListItRestsOn() {
        Instant before = Instant.now();
        Token token = token(machine().crlGoodFor(Duration.ofSeconds(100)), KMS, "pinned");
        assertFalse(token.expiresAt().isBefore(before.plusSeconds(99)));
        assertFalse(token.expiresAt().isAfter(Instant.now().plusSeconds(100)));
    }

    @Test
    void endsWithTheReferenceValuesItRestsOn() {
        String source =
                Http.get("/v1/policies/expiring").ok().json().get("source").asText();
        var expires = Pattern.compile("expires: (\\S+)").matcher(source);
        assertTrue(expires.find());
        Instant end = Instant.parse(expires.group(1));
        clock.moveOn(Duration.between(Instant.now(), end.minusSeconds(60)));
        assertEquals(end, token(machine(), KMS, "expiring").expiresAt());
        clock.moveOn(Duration.ofSeconds(61));
        Http.post(ATTESTATIONS, machine().attestation(KMS, "expiring")).problem(403, "policy-not-allowed");
    }

    @Test
    void twoTokensShareNoIdentifier() {
        JsonNode first = token(machine(), KMS, "pinned").claims();
        JsonNode second = token(machine(), KMS, "pinned").claims();
        assertFalse(first.get("jti").equals(second.get("jti")));
        assertEquals(first.get("countersign_policy_digest"), second.get("countersign_policy_digest"));
    }
}
