package io.countersign.service;

import static io.countersign.service.RelyingParties.BACKGROUND;
import static io.countersign.service.RelyingParties.SECRET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.nimbusds.jose.jwk.JWKSet;
import io.countersign.service.audit.LogFiles;
import io.countersign.service.audit.LogVerifier;
import io.countersign.service.audit.Vouchers;
import io.countersign.verifier.bytes.Bytes;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every decision has its line, and no line has a secret. */
@QuarkusTest
@TestProfile(AuditedLaboratory.class)
class AuditOverHttpTest {
    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final AskedBy KMS = AskedBy.whoKnows(SECRET);

    @Inject
    PliantStore store;

    @ConfigProperty(name = "countersign.audit.to")
    Path to = Path.of("");

    @AfterEach
    void bringTheStoreBack() {
        store.comeBack();
    }

    private List<JsonNode> lines() {
        var lines = new ArrayList<JsonNode>();
        try {
            for (Path file : LogFiles.in(to.resolve("replica-1"))) {
                Files.readString(file).lines().map(Http::parse).forEach(lines::add);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return lines;
    }

    private List<JsonNode> linesOf(Answer answer) {
        String id = answer.header("x-request-id");
        return lines().stream()
                .filter(line -> line.path("request").asText().equals(id))
                .toList();
    }

    private JsonNode lineOf(Answer answer) {
        List<JsonNode> lines = linesOf(answer);
        assertEquals(1, lines.size(), lines::toString);
        return lines.getFirst();
    }

    private static ObjectNode body(String policy) {
        return Machine.challengedWith(Http.nonce()).attestation(BACKGROUND, policy);
    }

    private static String text(JsonNode line, String pointer) {
        return line.at(pointer).asText("absent");
    }

    @Test
    void aTokenHasALine() {
        ObjectNode body = body("either");
        Answer answer = KMS.attest(body).ok();
        Token token = Token.read(answer);
        JsonNode line = lineOf(answer);
        assertEquals("attestation", text(line, "/kind"));
        assertEquals("ok", text(line, "/outcome"));
        assertEquals("kms", text(line, "/caller"));
        assertEquals(BACKGROUND, text(line, "/audience"));
        assertEquals("either", text(line, "/policy/id"));
        assertEquals(answer.json().at("/policy/digest").asText(), text(line, "/policy/digest"));
        assertEquals(token.claims().get("jti").asText(), text(line, "/token/jti"));
        assertEquals(token.header().get("kid").asText(), text(line, "/token/kid"));
        assertEquals(answer.json().get("expires_at").asText(), text(line, "/token/exp"));
        assertEquals(token.claims().get("countersign_evidence_digest").asText(), text(line, "/evidence_digest"));
        assertEquals(token.claims().get("countersign_result_digest").asText(), text(line, "/result_digest"));
        assertEquals("affirming", text(line, "/status"));
        assertEquals("sev-snp", text(line, "/submods/cpu0/type"));
        assertEquals("challenge", text(line, "/freshness"));
        Bytes nonce =
                Bytes.copyOf(Base64.getUrlDecoder().decode(body.get("nonce").asText()));
        assertEquals("sha256:" + nonce.sha256(), text(line, "/nonce_digest"));
        for (String verb : List.of("parse", "gather", "authenticate", "appraise", "countersign", "total")) {
            assertTrue(line.at("/micros/" + verb).isIntegralNumber(), line.toString());
        }
        assertFalse(line.has("address"), line.toString());
    }

    @Test
    void aRefusalHasALineThatSaysWhatWasNotMet() {
        Answer answer = AskedBy.nobody()
                .with("X-Request-Id", "gateway-7.0001")
                .attest(Machine.challengedWith(Http.nonce())
                        .report(report -> report.policyDebug(true))
                        .attestation(BACKGROUND, "either"))
                .problem(403, "appraisal-refused");
        assertEquals("gateway-7.0001", answer.header("x-request-id"));
        JsonNode line = lineOf(answer);
        assertEquals("appraisal-refused", text(line, "/outcome"));
        assertEquals("", text(line, "/caller"));
        assertFalse(line.at("/rules/failed").isEmpty(), line.toString());
        assertFalse(line.has("token"), line.toString());
    }

    @Test
    void whatIsRefusedBeforeAnyVerdictHasALineToo() {
        ObjectNode body = body("either");
        KMS.attest(body).ok();
        assertEquals("nonce-used", text(lineOf(KMS.attest(body).problem(409, "nonce-used")), "/outcome"));
        assertEquals(
                "policy-not-allowed",
                text(lineOf(KMS.attest(body("pinned")).problem(403, "policy-not-allowed")), "/outcome"));
        ObjectNode nobodys = body("either").put("audience", "https://nobody.example/" + "x".repeat(400));
        JsonNode line = lineOf(KMS.attest(nobodys).problem(403, "audience-unknown"));
        assertEquals(300, text(line, "/audience").length());
        ObjectNode malformed = body("either");
        RequestBodies.cpu(malformed).put("report", "AAAA");
        assertEquals(
                "evidence-malformed",
                text(lineOf(KMS.attest(malformed).problem(422, "evidence-malformed")), "/outcome"));
    }

    @Test
    void whatCannotBeReadIsNoDecision() {
        Answer answer = KMS.attest("{").problem(400, "request-invalid");
        assertEquals(List.of(), linesOf(answer));
    }

    @Test
    void anAnswerThatIsGivenAgainHasALineOfItsOwn() {
        ObjectNode body = body("either");
        AskedBy keyed = KMS.with("Idempotency-Key", KEY);
        JsonNode first = lineOf(keyed.attest(body).ok());
        JsonNode again = lineOf(keyed.attest(body).ok());
        assertEquals("repeat", text(again, "/kind"));
        assertEquals(first.get("token"), again.get("token"));
        assertEquals(first.get("policy"), again.get("policy"));
    }

    @Test
    void aTokenThatIsWithheldAfterItsLineIsSaidToBe() {
        ObjectNode body = body("either");
        store.failSpending();
        Answer answer = KMS.attest(body).problem(503, "store-unavailable");
        List<JsonNode> lines = linesOf(answer);
        assertEquals(2, lines.size(), lines::toString);
        assertEquals("ok", text(lines.getFirst(), "/outcome"));
        assertEquals("store-unavailable", text(lines.getLast(), "/outcome"));
        assertEquals(lines.getFirst().at("/token/jti"), lines.getLast().get("withheld"));
        assertFalse(lines.getLast().has("token"), lines::toString);
    }

    @Test
    void aTokenThatIsConsumedHasALineAndSoHaveLooks() {
        Token token = Token.read(KMS.attest(body("either")).ok());
        JsonNode looked = lineOf(KMS.introspect(token));
        assertEquals("look unused", text(looked, "/intent") + " " + text(looked, "/answer"));
        JsonNode consumed = lineOf(KMS.consume(token));
        assertEquals("consume consumed-now", text(consumed, "/intent") + " " + text(consumed, "/answer"));
        assertEquals(token.claims().get("jti").asText(), text(consumed, "/token/jti"));
        JsonNode late = lineOf(KMS.consume(token));
        assertEquals("consume consumed", text(late, "/intent") + " " + text(late, "/answer"));
        JsonNode foreign = lineOf(KMS.introspect("token=none.of.ours").ok());
        assertEquals("signature-unknown", text(foreign, "/answer"));
    }

    @Test
    void aTokenThatCouldNotBeConsumedAfterItsLineIsSaidSo() {
        Token token = Token.read(KMS.attest(body("either")).ok());
        store.failSpending();
        Answer answer =
                KMS.introspect("token=" + token.compact() + "&consume=true").problem(503, "store-unavailable");
        List<JsonNode> lines = linesOf(answer);
        assertEquals(2, lines.size(), lines::toString);
        assertEquals(token.claims().get("jti"), lines.getLast().get("withheld"));
        assertFalse(lines.getLast().has("answer"), lines::toString);
    }

    @Test
    void eachAppraisalHasALineInABatchToo() {
        ObjectNode one = RequestBodies.appraisal();
        JsonNode line = lineOf(Http.post("/v1/appraisals", one).ok());
        assertEquals("appraisal", text(line, "/kind"));
        assertFalse(line.has("token"));
        ObjectNode batch = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
        batch.putArray("appraisals").add(one).add(one);
        assertEquals(2, linesOf(Http.post("/v1/appraisals/batch", batch).ok()).size());
    }

    @Test
    void operatorsFindStartPoliciesAndKeys() {
        List<JsonNode> lines = lines();
        assertEquals("file", text(lines.getFirst(), "/kind"));
        JsonNode start = lines.get(1);
        assertEquals("start", text(start, "/kind"));
        assertEquals("replica-1", text(start, "/instance"));
        assertTrue(start.get("insecure").booleanValue());
        assertTrue(text(start, "/config_digest").startsWith("sha256:"));
        assertTrue(lines.stream()
                .anyMatch(line -> text(line, "/kind").equals("policy")
                        && text(line, "/policy/id").equals("either")));
        JsonNode key = lines.stream()
                .filter(line -> text(line, "/kind").equals("key"))
                .findFirst()
                .orElseThrow();
        assertEquals("active", text(key, "/state"));
        assertFalse(key.at("/jwk").has("d"), key.toString());
        JsonNode health = Http.get("/q/health/ready").ok().json();
        assertTrue(health.toString().contains("\"head\":\""), health.toString());
        String metrics = Http.request().get("/q/metrics").asString();
        assertTrue(metrics.contains("countersign_audit_up 1.0"), metrics);
        assertTrue(metrics.contains("countersign_audit_lines_total{outcome=\"written\"}"), metrics);
        assertTrue(metrics.contains("countersign_audit_sync_seconds_count"), metrics);
    }

    @Test
    void theSigningKeyVouchesForTheLogAndACheckpointIsNoToken() throws Exception {
        KMS.attest(body("either")).ok();
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        Optional<JsonNode> checkpoint = Optional.empty();
        while (checkpoint.isEmpty()) {
            assertTrue(System.nanoTime() < end, "no checkpoint was made");
            Thread.sleep(Duration.ofMillis(100));
            checkpoint = lines().stream()
                    .filter(line -> text(line, "/kind").equals("checkpoint"))
                    .findFirst();
        }
        String jws = text(checkpoint.get(), "/jws");
        assertEquals("{\"active\":false}", KMS.introspect("token=" + jws).ok().text());
        var keys = JWKSet.parse(Http.get("/.well-known/jwks.json").text());
        var vouchers = new Vouchers(Optional.of(keys));
        LogVerifier.Report report = verify(vouchers);
        assertEquals(Optional.empty(), report.broken());
        assertTrue(vouchers.verified() >= 1);
        var strange = new com.nimbusds.jose.jwk.gen.ECKeyGenerator(com.nimbusds.jose.jwk.Curve.P_256)
                .keyID(keys.getKeys().getFirst().getKeyID())
                .algorithm(com.nimbusds.jose.JWSAlgorithm.ES256)
                .generate();
        assertTrue(
                verify(new Vouchers(Optional.of(new JWKSet(strange)))).broken().isPresent());
    }

    private LogVerifier.Report verify(Vouchers vouchers) throws IOException {
        var verifier = new LogVerifier(LogVerifier.Foreign.REFUSED, vouchers, Optional.empty());
        for (Path file : LogFiles.in(to.resolve("replica-1"))) {
            try (InputStream in = Files.newInputStream(file)) {
                verifier.read(file.toString(), in);
            }
        }
        return verifier.end();
    }

    @Test
    void linesAreAsTheSchemaSaysAndHoldNoSecret() throws IOException {
        ObjectNode body = body("either");
        AskedBy keyed = KMS.with("Idempotency-Key", KEY);
        Token token = Token.read(keyed.attest(body).ok());
        keyed.attest(body).ok();
        KMS.consume(token);
        String report = RequestBodies.cpu(body).get("report").asText();
        var all = new StringBuilder();
        var schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(Files.readString(Path.of("docs/audit-line.schema.json")));
        for (JsonNode line : lines()) {
            assertEquals(Set.of(), schema.validate(line), line::toString);
            all.append(line);
        }
        String chip = Machine.AMD.chipId().toString();
        for (String secret : List.of(
                body.get("nonce").asText(),
                report.substring(200, 232),
                token.compact().substring(token.compact().length() - 32),
                SECRET,
                KEY,
                chip.substring(0, 16))) {
            assertFalse(all.indexOf(secret) >= 0, secret);
        }
    }
}
