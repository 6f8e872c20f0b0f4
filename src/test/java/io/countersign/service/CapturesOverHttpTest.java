package io.countersign.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.verifier.bytes.Bytes;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Genuine captures, read where they lie, sent to the service as it comes; skipped where they are not. */
@QuarkusTest
@TestProfile(ProductionLike.class)
class CapturesOverHttpTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("countersign.evidence", "../shared/evidence"), "sev-snp");
    private static final int REPORT = 1184;
    private static final String NOVEMBER = "2026-11-23T00:00:00Z";

    /** What a manifest's reason means in our catalogue. */
    private static final Map<String, String> REASONS = Map.of(
            "VEK does not chain to any pinned AMD ARK", "snp.vek-chain",
            "report signature does not verify under this VEK", "snp.report-signature",
            "VEK TCB extensions differ from REPORTED_TCB", "snp.vek-matches-report",
            "hwID extension differs from CHIP_ID", "snp.vek-matches-report",
            "VEK certificate expired on 2026-11-23 (passes at verification_time_hint)", "snp.vek-chain");

    private static final Map<String, String> LEVELS =
            Map.of("bl", "bootloader", "tee", "tee", "snp", "snp", "ucode", "microcode", "fmc", "fmc");

    @BeforeEach
    void whereTheCapturesAre() {
        assumeTrue(Files.exists(FOLDER), () -> "no genuine captures at " + FOLDER + ": set -Dcountersign.evidence");
    }

    private static Iterable<JsonNode> entries() throws IOException {
        JsonNode entries =
                Http.parse(Files.readString(FOLDER.resolve("MANIFEST.json"))).get("entries");
        assertEquals(25, entries.size());
        return entries;
    }

    private static Bytes file(JsonNode entry, String... roles) throws IOException {
        for (String role : roles) {
            for (JsonNode file : entry.get("files")) {
                if (file.get("role").asText().startsWith(role)
                        && !file.get("file").asText().endsWith(".pem")) {
                    return Bytes.copyOf(
                            Files.readAllBytes(FOLDER.resolve(file.get("file").asText())));
                }
            }
        }
        throw new AssertionError("no file for " + String.join(" or ", roles) + " in " + entry);
    }

    private static Answer appraise(Bytes report, String certificates, String at) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("at", at);
        body.withObject("/evidence/cpu0")
                .put("type", "sev-snp")
                .put("report", Machine.base64(report))
                .put("certificates", certificates);
        return Http.post("/v1/appraisals", body);
    }

    private static Answer appraise(JsonNode entry, String at) throws IOException {
        return appraise(file(entry, "snp-report").slice(0, REPORT), Machine.base64(file(entry, "vcek", "vlek")), at);
    }

    private static String hint(JsonNode entry) {
        return entry.at("/expected/verification_time_hint").asText().replace(' ', 'T');
    }

    @Test
    void everyCaptureGetsItsVerdictAtItsHintTime() throws IOException {
        for (JsonNode entry : entries()) {
            assertVerdict(entry, appraise(entry, hint(entry)), "verdict_at_hint_time");
        }
    }

    @Test
    void everyCaptureGetsItsVerdictInNovember2026() throws IOException {
        for (JsonNode entry : entries()) {
            assertVerdict(entry, appraise(entry, NOVEMBER), "verdict_on_2026_11_23");
        }
    }

    private static void assertVerdict(JsonNode entry, Answer answer, String member) {
        String id = entry.get("id").asText();
        answer.ok();
        JsonNode expected = entry.get("expected");
        assertFalse(answer.json().has("insecure"));
        if (expected.get(member).asText().equals("pass")) {
            assertGenuineButForRevocation(id, answer);
            return;
        }
        var failing = StreamSupport.stream(expected.get("reasons").spliterator(), false)
                .map(reason -> Objects.requireNonNull(REASONS.get(reason.asText()), reason::asText))
                .collect(Collectors.toCollection(TreeSet::new));
        if (member.contains("2026") && !expected.get("cert_valid_on_2026_11_23").asBoolean(true)) {
            failing.add("snp.vek-chain");
        }
        assertEquals(failing, ended(answer, "failed"), id);
        assertEquals("rejected", answer.cpu().get("authenticity").asText(), id);
        assertEquals("contraindicated", answer.cpu().get("status").asText(), id);
        assertFalse(answer.cpu().has("claims"), id);
    }

    private static void assertGenuineButForRevocation(String id, Answer answer) {
        assertEquals("undetermined", answer.cpu().get("authenticity").asText(), id);
        assertEquals(Set.of("snp.revocation", "snp.binding"), ended(answer, "undetermined"), id);
        assertEquals(
                Set.of("snp.format", "snp.report-signature", "snp.vek-chain", "snp.vek-matches-report"),
                ended(answer, "passed"),
                id);
        assertTrue(answer.cpu().has("claims"), id);
    }

    private static Set<String> ended(Answer answer, String word) {
        return answer.outcomes().entrySet().stream()
                .filter(check -> check.getValue().equals(word))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyFieldOfTheManifestIsAClaimWithThatValue() throws IOException {
        int compared = 0;
        for (JsonNode entry : entries()) {
            Answer answer = appraise(entry, hint(entry)).ok();
            if (!answer.cpu().has("claims")) {
                continue;
            }
            compared++;
            JsonNode snp = answer.cpu().at("/claims/snp");
            assertEquals(
                    entry.get("product").asText(), snp.get("product").asText().toLowerCase(Locale.ROOT));
            var seen = new HashSet<String>();
            entry.get("fields").properties().forEach(field -> {
                assertClaim(entry.get("id").asText(), field.getKey(), field.getValue(), snp);
                seen.add(field.getKey());
            });
            assertTrue(seen.containsAll(Set.of("measurement", "chip_id", "reported_tcb", "policy")), seen::toString);
            assertCommonClaims(answer.cpu().get("claims"));
        }
        assertEquals(21, compared);
    }

    private static void assertClaim(String id, String name, JsonNode expected, JsonNode snp) {
        String what = id + " " + name;
        switch (name) {
            case "version", "guest_svn", "vmpl", "cpuid_family", "cpuid_model", "cpuid_stepping" -> {
                assertTrue(snp.get(name).isIntegralNumber(), what);
                assertEquals(expected.longValue(), snp.get(name).longValue(), what);
            }
            case "policy", "platform_info" ->
                assertEquals(hex16(expected), snp.get(name).get("raw").asText(), what);
            case "launch_mit_vector", "current_mit_vector" ->
                assertEquals(hex16(expected), snp.get(name).asText(), what);
            case "current_tcb", "reported_tcb", "committed_tcb", "launch_tcb" ->
                expected.properties().stream()
                        .filter(level -> !level.getKey().equals("rsv"))
                        .forEach(level -> assertEquals(
                                level.getValue().longValue(),
                                snp.get(name).get(LEVELS.get(level.getKey())).longValue(),
                                what));
            case "author_key_en" ->
                assertEquals(expected.intValue() == 1, snp.get(name).booleanValue(), what);
            case "signing_key" ->
                assertEquals(
                        expected.intValue() == 0 ? "vcek" : "vlek",
                        snp.get(name).asText(),
                        what);
            // Raw forms of what is compared above, and fields that are no claims: the report's format is judged by a
            // check.
            case "current_tcb_hex",
                    "reported_tcb_hex",
                    "committed_tcb_hex",
                    "launch_tcb_hex",
                    "sig_algo",
                    "flags",
                    "mask_chip_key" -> {}
            default -> assertEquals(expected.asText(), snp.get(name).asText(), what);
        }
    }

    private static String hex16(JsonNode prefixed) {
        return "%016x".formatted(Long.decode(prefixed.asText()));
    }

    private static void assertCommonClaims(JsonNode claims) {
        assertEquals("sev-snp", claims.get("tee").asText());
        assertEquals(claims.at("/snp/measurement"), claims.get("launch_measurement"));
        assertEquals(claims.at("/snp/report_data"), claims.get("report_data"));
        assertEquals(claims.at("/snp/host_data"), claims.get("host_data"));
        assertEquals(claims.at("/snp/report_id"), claims.get("instance_id"));
        assertEquals(claims.at("/snp/policy/debug"), claims.get("debug"));
        assertEquals(claims.at("/snp/policy/migrate_ma"), claims.get("migratable"));
    }

    @Test
    void aReportWithTwentyBytesBehindItIsMalformedAndCutItIsNot() throws IOException {
        JsonNode entry = named("const-azure-v2");
        Bytes whole = file(entry, "snp-report");
        String certificate = Machine.base64(file(entry, "vcek"));
        Answer malformed = appraise(whole, certificate, hint(entry)).problem(422, "evidence-malformed");
        assertEquals("cpu0", malformed.json().get("submodule").asText());
        assertEquals("ATTESTATION_REPORT", malformed.json().get("structure").asText());
        assertEquals(REPORT, malformed.json().get("offset").intValue());
        assertGenuineButForRevocation(
                "cut",
                appraise(whole.slice(0, REPORT), certificate, hint(entry)).ok());
    }

    @Test
    void bundlesOfAzuresThimAreReadAsTheyAre() throws IOException {
        for (var bundle : Map.of(
                        "aci-milan", "aci-milan.thim-chain.pem", "const-azure-v2", "const-azure-v2.thim-vcek.pem")
                .entrySet()) {
            JsonNode entry = named(bundle.getKey());
            String pem = Files.readString(FOLDER.resolve(bundle.getValue()));
            Bytes report = file(entry, "snp-report").slice(0, REPORT);
            assertGenuineButForRevocation(
                    bundle.getKey(), appraise(report, pem, hint(entry)).ok());
        }
    }

    private static JsonNode named(String id) throws IOException {
        return StreamSupport.stream(entries().spliterator(), false)
                .filter(entry -> entry.get("id").asText().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
