package io.countersign.service;

import static io.countersign.service.Laboratory.KMS;
import static io.countersign.service.RequestBodies.APPRAISALS;
import static io.countersign.service.RequestBodies.ATTESTATIONS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.snp.VekKind;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** AMD's service is away; and what configuration can lower or switch off. */
@QuarkusTest
@TestProfile(Outage.class)
class OutageTest {
    @ConfigProperty(name = "countersign.data-dir")
    Path dataDir = Path.of("");

    @Test
    void whatOnlyAFetchWasMissingForMayBeTriedAgainWithTheSameChallenge() {
        String nonce = Http.nonce();
        ObjectNode body = Machine.challengedWith(nonce).withoutCrl().attestation(KMS, "pinned");
        Answer answer = Http.post(ATTESTATIONS, body).problem(503, "endorsement-unavailable");
        assertTrue(Integer.parseInt(answer.header("retry-after")) >= 1);
        assertTrue(answer.json().get("retryable").booleanValue());
        assertEquals("undetermined", answer.outcomes().get("snp.revocation"));
        assertTrue(!answer.json().has("token"));
        Http.post(ATTESTATIONS, Machine.challengedWith(nonce).attestation(KMS, "pinned"))
                .ok();
    }

    @Test
    void aListInHandThatEndedWhileTheVendorIsAwayIsAnOutageToo() throws IOException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Bytes ended = Machine.AMD
                .crlDraft(VekKind.VCEK)
                .thisUpdate(now.minus(Duration.ofDays(8)))
                .nextUpdate(now.minus(Duration.ofDays(1)))
                .der();
        Path list = dataDir.resolve("endorsements/amd/crl/Milan_vcek.crl");
        Files.createDirectories(list.resolveSibling(""));
        Files.write(list, ended.toByteArray());
        ObjectNode body = Machine.challengedWith(Http.nonce()).withoutCrl().attestation(KMS, "pinned");
        Answer answer = Http.post(ATTESTATIONS, body).problem(503, "endorsement-unavailable");
        assertEquals("undetermined", answer.outcomes().get("snp.revocation"));
        assertTrue(answer.text().contains("the one in hand is valid from"), answer.text());
        assertTrue(Integer.parseInt(answer.header("retry-after")) >= 1);
    }

    @Test
    void whereSomethingElseStandsInTheWayTooItIsARefusal() {
        ObjectNode body = Machine.challengedWith(Http.nonce())
                .withoutCrl()
                .report(report -> report.policyDebug(true))
                .attestation(KMS, "pinned");
        Answer answer = Http.post(ATTESTATIONS, body).problem(403, "appraisal-refused");
        assertEquals("undetermined", answer.outcomes().get("snp.revocation"));
    }

    @Test
    void withoutTheCertificateItIsAnOutageToo() {
        ObjectNode body = Machine.challengedWith(Http.nonce()).attestation(KMS, "pinned");
        RequestBodies.cpu(body).remove("certificates");
        Answer answer = Http.post(ATTESTATIONS, body).problem(503, "endorsement-unavailable");
        assertEquals("undetermined", answer.outcomes().get("snp.vek-chain"));
    }

    @Test
    void appraisalsExplainAnOutageWith200() {
        ObjectNode body = Machine.challengedWith(Http.nonce()).withoutCrl().appraisal("pinned");
        Answer answer = Http.post(APPRAISALS, body).ok();
        assertEquals("undetermined", answer.outcomes().get("snp.revocation"));
        assertEquals("none", answer.json().get("status").asText());
    }

    @Test
    void tokensAreSignedWithEs384WhereConfigurationSaysSo() throws Exception {
        Token token = Token.read(
                Http.post(ATTESTATIONS, Machine.challengedWith(Http.nonce()).attestation(KMS, "pinned"))
                        .ok());
        assertEquals("ES384", token.header().get("alg").asText());
        JsonNode key = Http.get("/.well-known/jwks.json").ok().json().at("/keys/0");
        assertEquals("P-384", key.get("crv").asText());
        assertEquals("ES384", key.get("alg").asText());
        assertTrue(JWSObject.parse(token.compact()).verify(new ECDSAVerifier(ECKey.parse(key.toString()))));
        assertEquals(
                "[\"ES384\"]",
                Http.get("/.well-known/openid-configuration")
                        .json()
                        .get("id_token_signing_alg_values_supported")
                        .toString());
        assertEquals(Duration.ofMinutes(1), Duration.between(token.issuedAt(), token.expiresAt()));
    }

    @Test
    void challengesLiveAsLongAsConfigurationSays() {
        Instant expiry = Instant.parse(Http.challenge().json().get("expires_at").asText());
        assertTrue(!expiry.isAfter(Instant.now().plusSeconds(30)));
    }

    @Test
    void draftsCanBeSwitchedOff() {
        ObjectNode body = RequestBodies.appraisal();
        body.remove("policy");
        Http.post(APPRAISALS, body.put("policy_source", "policy: draft\n")).problem(403, "forbidden");
    }

    @Test
    void boundsCanBeLowered() {
        Http.post(APPRAISALS, " ".repeat(65_537)).problem(413, "request-too-large");
        ObjectNode three = RequestBodies.appraisal();
        three.withObject("/evidence").putObject("gpu0").put("type", "nvidia-gpu");
        three.withObject("/evidence").putObject("gpu1").put("type", "nvidia-gpu");
        Http.post(APPRAISALS, three).invalidAt("/evidence");
        Answer deep = Http.post(APPRAISALS, "{\"x\":" + "[".repeat(8) + "]".repeat(8) + "}")
                .problem(400, "request-invalid");
        assertTrue(deep.json().get("detail").asText().contains("deep"), deep.text());
    }
}
