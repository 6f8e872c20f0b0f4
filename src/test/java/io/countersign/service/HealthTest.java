package io.countersign.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

/** Health, metrics, keys and discovery of the service as it comes, and what it says to whoever asks it for a token. */
@QuarkusTest
@TestProfile(ProductionLike.class)
class HealthTest {
    @Test
    void itLives() {
        assertEquals("UP", Http.get("/q/health/live").ok().json().get("status").asText());
    }

    @Test
    void itIsReadyWithoutAnyEndorsement() {
        JsonNode health = Http.get("/q/health/ready").ok().json();
        assertEquals("UP", health.get("status").asText());
        assertTrue(health.toString().contains("\"insecure\":false"), health.toString());
        assertTrue(health.toString().contains("\"baseline\":\"active: version "), health.toString());
    }

    @Test
    void metricsNameNoMachine() {
        Http.post("/v1/appraisals", RequestBodies.appraisal()).ok();
        String metrics = Http.request().get("/q/metrics").asString();
        assertTrue(metrics.contains("countersign_signature_provider_fast"), metrics);
        assertFalse(metrics.contains(Machine.AMD.chipId().toString().substring(0, 16)));
    }

    @Test
    void laboratoryEvidenceIsRejectedAndNothingIsInsecure() {
        Answer answer = Http.post("/v1/appraisals", RequestBodies.appraisal()).ok();
        assertEquals("rejected", answer.cpu().get("authenticity").asText());
        assertFalse(answer.json().has("insecure"));
    }

    @Test
    void withoutAudiencesThereAreNoTokensAndTheAnswerSaysHowToRegisterOne() {
        Answer answer = Http.post(
                        "/v1/attestations",
                        Machine.challengedWith(Http.nonce()).attestation("https://kms.example", "baseline"))
                .problem(403, "audience-unknown");
        assertTrue(answer.json().get("hint").asText().contains("countersign.audiences.<name>.uri"), answer.text());
    }

    @Test
    void keysAndDiscoveryFitTogether() {
        JsonNode keys = Http.get("/.well-known/jwks.json").ok().json();
        OpenApi.assertFits("JwkSet", keys);
        JsonNode discovery = Http.get("/.well-known/openid-configuration").ok().json();
        OpenApi.assertFits("Discovery", discovery);
        assertEquals(
                discovery.get("issuer").asText() + "/.well-known/jwks.json",
                discovery.get("jwks_uri").asText());
        assertEquals(
                discovery.get("issuer").asText() + "/v1/tokens/introspect",
                discovery.path("introspection_endpoint").asText());
        assertEquals(keys.at("/keys/0/alg"), discovery.at("/id_token_signing_alg_values_supported/0"));
        assertFalse(keys.at("/keys/0").has("d"));
        Http.get("/insecure/.well-known/openid-configuration").problem(404, "not-found");
    }
}
