package io.countersign.service;

import static io.countersign.service.Laboratory.KMS;
import static io.countersign.service.RequestBodies.ATTESTATIONS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import io.countersign.service.signing.IssuedTokens;
import io.countersign.service.signing.IssuedTokens.Recognition;
import io.countersign.service.signing.KeyChanges;
import io.countersign.service.signing.KeyFolder;
import io.countersign.service.signing.KeyTimes;
import io.countersign.service.signing.KeyTroubleException;
import io.countersign.service.signing.RingKey;
import io.countersign.service.signing.SigningAlgorithm;
import io.countersign.service.signing.SigningRing;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys that give way to others, as relying parties see it. Each test goes on where another left the keys and the clock. */
@QuarkusTest
@TestProfile(RotatingLaboratory.class)
class RotationOverHttpTest {
    private static final Duration OVERLAP = Duration.ofMinutes(15);

    @Inject
    MovableClock clock;

    @Inject
    KeyChanges changes;

    @Inject
    KeyFolder folder;

    @Inject
    SigningRing ring;

    @Inject
    IssuedTokens issued;

    private static Token token() {
        return Token.read(
                Http.post(ATTESTATIONS, Machine.challengedWith(Http.nonce()).attestation(KMS, "pinned"))
                        .ok());
    }

    private static String kid(Token token) {
        return token.header().get("kid").asText();
    }

    private static JsonNode keySet() {
        JsonNode keys = Http.get("/.well-known/jwks.json").ok().json();
        OpenApi.assertFits("JwkSet", keys);
        return keys;
    }

    private static List<String> published() {
        var kids = new ArrayList<String>();
        keySet().get("keys").forEach(key -> kids.add(key.get("kid").asText()));
        return kids;
    }

    private static List<String> algorithms() {
        JsonNode discovery =
                Http.get("/insecure/.well-known/openid-configuration").ok().json();
        OpenApi.assertFits("Discovery", discovery);
        var names = new ArrayList<String>();
        discovery.get("id_token_signing_alg_values_supported").forEach(name -> names.add(name.asText()));
        return names;
    }

    private static boolean verifies(Token token) throws ParseException, JOSEException {
        JWSObject jws = JWSObject.parse(token.compact());
        var key =
                JWKSet.parse(keySet().toString()).getKeyByKeyId(jws.getHeader().getKeyID());
        return key != null && jws.verify(new ECDSAVerifier(key.toECKey()));
    }

    /** What health tells of the keys. */
    private static JsonNode signingKey() {
        for (JsonNode check : Http.get("/q/health/ready").ok().json().get("checks")) {
            if (check.get("name").asText().equals("signing key")) {
                return check.get("data");
            }
        }
        throw new AssertionError("health tells nothing of keys");
    }

    private boolean ours(Token token) {
        return issued.recognise(token.compact()) instanceof Recognition.Ours;
    }

    private RingKey rotate(SigningAlgorithm algorithm, Duration in) throws KeyTroubleException {
        var added = assertInstanceOf(
                KeyChanges.Rotation.Added.class,
                changes.rotate(algorithm, clock.instant().plus(in), clock.instant(), _ -> true));
        ring.poll();
        return added.key();
    }

    @Test
    void aTokenOutlivesTheTurnOfItsKeyAndNotItsRetirement() throws Exception {
        Token old = token();
        RingKey next = rotate(SigningAlgorithm.ES384, OVERLAP);
        assertEquals(List.of(kid(old), next.kid()), published());
        assertEquals(List.of("ES256", "ES384"), algorithms());
        clock.moveOn(OVERLAP.minusSeconds(5));
        Token last = token();
        assertEquals(kid(old), kid(last));
        clock.moveOn(Duration.ofSeconds(6));
        Token first = token();
        assertEquals(next.kid(), kid(first));
        assertEquals("ES384", first.header().get("alg").asText());
        while (clock.instant().isBefore(last.expiresAt().plusSeconds(60))) {
            assertTrue(verifies(last));
            assertTrue(ours(last));
            clock.moveOn(Duration.ofSeconds(30));
        }
        clock.moveOn(KeyTimes.RETIRING);
        assertEquals(List.of(next.kid()), published());
        assertEquals(List.of("ES384"), algorithms());
        assertFalse(verifies(last));
        assertFalse(ours(last));
        // And back to what other tests begin with.
        rotate(SigningAlgorithm.ES256, OVERLAP);
        clock.moveOn(OVERLAP.plus(KeyTimes.RETIRING));
        assertEquals(List.of("ES256"), algorithms());
    }

    @Test
    void aWithdrawnKeyIsGoneAtOnce() throws Exception {
        Token old = token();
        assertTrue(verifies(old) && ours(old));
        var done = changes.withdraw(kid(old), clock.instant(), KeyChanges.Replacement.MAKE);
        ring.poll();
        assertFalse(verifies(old));
        assertFalse(ours(old));
        String replacement = done.signsNow().orElseThrow().kid();
        assertEquals(List.of(replacement), published());
        assertEquals(replacement, kid(token()));
    }

    @Test
    void withoutAnyKeyTokensAreRefusedAndTheRestGoesOn() throws Exception {
        changes.withdraw(kid(token()), clock.instant(), KeyChanges.Replacement.NONE);
        ring.poll();
        var body = Machine.challengedWith(Http.nonce()).attestation(KMS, "pinned");
        Answer refused = Http.post(ATTESTATIONS, body).problem(503, "signing-unavailable");
        assertEquals("5", refused.header("Retry-After"));
        assertTrue(published().isEmpty());
        assertTrue(algorithms().isEmpty());
        Http.post("/v1/appraisals", RequestBodies.appraisal()).ok();
        var health = Http.request().get("/q/health/ready");
        assertEquals(503, health.statusCode());
        assertTrue(health.asString().contains("every key was withdrawn"), health.asString());
        RingKey made = rotate(SigningAlgorithm.ES256, Duration.ZERO);
        assertEquals(made.kid(), kid(Token.read(Http.post(ATTESTATIONS, body).ok())), "the challenge was not spent");
        Http.get("/q/health/ready").ok();
    }

    @Test
    void anAnswerIsNotRepeatedWhenItsKeyWasWithdrawn() throws Exception {
        var body = Machine.challengedWith(Http.nonce()).attestation(KMS, "pinned");
        AskedBy keyed = AskedBy.nobody().with("Idempotency-Key", "0123456789abcdef0123456789abcdef");
        Token first = Token.read(keyed.attest(body).ok());
        assertEquals(first.compact(), Token.read(keyed.attest(body).ok()).compact());
        changes.withdraw(kid(first), clock.instant(), KeyChanges.Replacement.MAKE);
        ring.poll();
        keyed.attest(body).problem(409, "nonce-used");
    }

    @Test
    void healthAndMetricsTellTheKeys() throws KeyTroubleException, IOException {
        String active = kid(token());
        assertTrue(signingKey().path("key " + active).asText().startsWith("active since "), signingKey()::toString);
        String metrics = Http.request().get("/q/metrics").asString();
        assertTrue(metrics.contains("countersign_signing_key_age_seconds "), metrics);
        assertTrue(metrics.contains("countersign_signing_keys{state=\"active\"} 1.0"), metrics);
        assertTrue(metrics.contains("countersign_signing_ring_trouble 0.0"), metrics);

        String good = Files.readString(folder.ringFile());
        Files.writeString(folder.ringFile(), "{");
        ring.poll();
        assertEquals(active, kid(token()));
        assertTrue(signingKey().path("folder trouble").asText().startsWith("the key ring "), signingKey()::toString);
        assertTrue(Http.request().get("/q/metrics").asString().contains("countersign_signing_ring_trouble 1.0"));
        Files.writeString(folder.ringFile(), good);
        ring.poll();
        assertFalse(signingKey().has("folder trouble"));
    }

    @Test
    void theKeySetMayBeKeptAsLongAsRotationReckonsWith() {
        assertEquals(
                "public, max-age=" + KeyTimes.CACHED.toSeconds(),
                Http.get("/.well-known/jwks.json").ok().header("Cache-Control"));
    }
}
