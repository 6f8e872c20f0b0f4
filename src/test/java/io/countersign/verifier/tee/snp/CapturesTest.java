package io.countersign.verifier.tee.snp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Authenticity;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.tee.snp.Captures.Capture;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every genuine capture, and what a correct verifier says about it. */
class CapturesTest {
    /** What a manifest's reason means in our catalogue. */
    private static final Map<String, SnpCheck> REASONS = Map.of(
            "VEK does not chain to any pinned AMD ARK", SnpCheck.VEK_CHAIN,
            "report signature does not verify under this VEK", SnpCheck.REPORT_SIGNATURE,
            "VEK TCB extensions differ from REPORTED_TCB", SnpCheck.VEK_MATCHES_REPORT,
            "hwID extension differs from CHIP_ID", SnpCheck.VEK_MATCHES_REPORT,
            "VEK certificate expired on 2026-11-23 (passes at verification_time_hint)", SnpCheck.VEK_CHAIN);

    static List<Capture> captures() {
        List<Capture> all = Captures.all();
        assertEquals(25, all.size());
        return all;
    }

    @ParameterizedTest
    @MethodSource("captures")
    void getsTheVerdictOfTheManifestAtItsHintTime(Capture capture) throws EvidenceException {
        assertVerdict(capture, "verdict_at_hint_time", capture.hint());
    }

    @ParameterizedTest
    @MethodSource("captures")
    void getsTheVerdictOfTheManifestInNovember2026(Capture capture) throws EvidenceException {
        assertVerdict(capture, "verdict_on_2026_11_23", Snp.NOW);
    }

    private static void assertVerdict(Capture capture, String member, Instant at) throws EvidenceException {
        JsonNode expected = capture.expected();
        Authentication found = Snp.judge(capture.report(), capture.vek(), at);
        if (expected.get(member).asText().equals("pass")) {
            assertEquals(Set.of("snp.revocation", "snp.binding"), Snp.ended(found, "undetermined"));
            assertEquals(
                    Set.of("snp.format", "snp.report-signature", "snp.vek-chain", "snp.vek-matches-report"),
                    Snp.ended(found, "passed"));
            assertEquals(Authenticity.UNDETERMINED, found.authenticity());
            return;
        }
        assertEquals(Authenticity.REJECTED, found.authenticity());
        var failing = new TreeSet<String>();
        for (JsonNode reason : expected.get("reasons")) {
            failing.add(Objects.requireNonNull(REASONS.get(reason.asText()), reason::asText)
                    .code());
        }
        boolean expired = !expected.get("cert_valid_on_2026_11_23").asBoolean(true) && at.equals(Snp.NOW);
        if (expired) {
            failing.add(SnpCheck.VEK_CHAIN.code());
        }
        assertEquals(failing, Snp.ended(found, "failed"));
    }

    @ParameterizedTest
    @MethodSource("captures")
    void bothSignatureProvidersAgree(Capture capture) throws EvidenceException {
        assertEquals(codes(capture, Snp.PURE_JAVA), codes(capture, Snp.FAST));
    }

    private static List<String> codes(Capture capture, Signatures signatures) throws EvidenceException {
        var scheme = new SnpScheme(Snp.AMD, signatures, SignatureFacts.forgetful());
        var evidence = scheme.parse(new RawEvidence(Map.of("report", capture.report(), "certificates", capture.vek())));
        return scheme.authenticate(evidence, Snp.at(capture.hint())).report().checks().stream()
                .map(check -> check.id().code() + " " + check.outcome().word())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("captures")
    void claimsHoldWhatTheManifestReads(Capture capture) throws EvidenceException {
        SnpEvidence evidence = Snp.parse(capture.report(), capture.vek());
        AttestationReport report = evidence.report();
        Authentication found = Snp.SCHEME.authenticate(evidence, Snp.at(capture.hint()));
        // A rejected capture makes no claims; its fields are read all the same.
        Claims claims = found.claims()
                .orElseGet(() -> SnpClaims.of(
                        report,
                        report.product().or(() -> java.util.Optional.of(Product.MILAN)),
                        java.util.Optional.empty()));
        JsonNode fields = capture.entry().get("fields");
        var unread = new HashSet<String>();
        fields.fieldNames().forEachRemaining(unread::add);
        for (String name : List.copyOf(unread)) {
            String expected = fields.get(name).asText();
            switch (name) {
                case "version", "guest_svn", "vmpl", "cpuid_family", "cpuid_model", "cpuid_stepping" ->
                    assertEquals(
                            fields.get(name).asLong(),
                            claims.find("snp." + name).orElseThrow(),
                            name);
                case "policy" ->
                    assertEquals(hex16(expected), claims.find("snp.policy.raw").orElseThrow());
                case "platform_info" ->
                    assertEquals(
                            hex16(expected),
                            claims.find("snp.platform_info.raw").orElseThrow());
                case "launch_mit_vector", "current_mit_vector" ->
                    assertEquals(hex16(expected), claims.find("snp." + name).orElseThrow(), name);
                case "current_tcb", "reported_tcb", "committed_tcb", "launch_tcb" ->
                    assertTcb(fields.get(name), "snp." + name, claims);
                case "current_tcb_hex" ->
                    assertEquals(expected, report.currentTcb().toString());
                case "reported_tcb_hex" ->
                    assertEquals(expected, report.reportedTcb().toString());
                case "committed_tcb_hex" ->
                    assertEquals(expected, report.committedTcb().toString());
                case "launch_tcb_hex" ->
                    assertEquals(expected, report.launchTcb().toString());
                case "sig_algo" -> assertEquals(fields.get(name).asLong(), report.signatureAlgo());
                case "flags" ->
                    assertEquals(Long.decode(expected), report.keyInfo().raw());
                case "author_key_en" ->
                    assertEquals(
                            fields.get(name).asInt() == 1,
                            claims.find("snp.author_key_en").orElseThrow());
                case "mask_chip_key" ->
                    assertEquals(fields.get(name).asInt() == 1, report.keyInfo().maskChipKey());
                case "signing_key" ->
                    assertEquals(
                            fields.get(name).asInt() == 0 ? "vcek" : "vlek",
                            claims.find("snp.signing_key").orElseThrow());
                default -> assertEquals(expected, claims.find("snp." + name).orElseThrow(), name);
            }
            unread.remove(name);
        }
        assertEquals(Set.of(), unread);
        String product = capture.entry().get("product").asText("");
        if (found.claims().isPresent()) {
            assertEquals(
                    product, claims.find("snp.product").orElseThrow().toString().toLowerCase(java.util.Locale.ROOT));
        }
    }

    private static void assertTcb(JsonNode expected, String path, Claims claims) {
        var names = Map.of("bl", "bootloader", "tee", "tee", "snp", "snp", "ucode", "microcode", "fmc", "fmc");
        expected.fieldNames().forEachRemaining(name -> {
            if (!name.equals("rsv")) {
                assertEquals(
                        expected.get(name).asLong(),
                        claims.find(path + "." + names.get(name)).orElseThrow(),
                        path + " " + name);
            }
        });
    }

    private static String hex16(String prefixed) {
        return "%016x".formatted(Long.decode(prefixed));
    }

    @Test
    void refusesAReportWithTwentyTrailingBytes() {
        Capture capture = Captures.named("const-azure-v2");
        assertEquals(1204, capture.reportAsIs().length());
        var refusal = assertThrows(MalformedEvidenceException.class, () -> Snp.parse(capture.reportAsIs()));
        assertEquals("ATTESTATION_REPORT", refusal.structure());
        assertEquals(0x4A0, refusal.offset());
    }

    @Test
    void acceptsAzureChainsInPem() throws EvidenceException {
        for (var pair : Map.of(
                        "aci-milan", "aci-milan.thim-chain.pem",
                        "const-azure-v2", "const-azure-v2.thim-vcek.pem")
                .entrySet()) {
            Capture capture = Captures.named(pair.getKey());
            Authentication found = Snp.judge(capture.report(), Captures.read(pair.getValue()), capture.hint());
            assertEquals(Set.of(), Snp.ended(found, "failed"));
            assertEquals(4, Snp.ended(found, "passed").size());
        }
    }

    @Test
    void showsEveryByteOfAReportOnce() throws EvidenceException {
        Capture capture = Captures.named("tav-turin");
        int next = 0;
        for (var field : Snp.SCHEME.show(Snp.parse(capture.report()))) {
            assertEquals(next, field.offset(), field.name());
            next += field.length();
        }
        assertEquals(AttestationReport.LENGTH, next);
    }

    @Test
    void commitsToTheSignedRangeOnly() throws EvidenceException {
        Capture capture = Captures.named("tav-milan");
        assertEquals(
                capture.report().slice(0, 0x2A0), Snp.parse(capture.report()).committedBytes());
    }

    @Test
    void aReportWithoutCertificatesStaysUndeterminedAndAsksForItsVcek() throws EvidenceException {
        Capture capture = Captures.named("tav-milan");
        Authentication found = Snp.SCHEME.authenticate(Snp.parse(capture.report()), Snp.at(capture.hint()));
        assertEquals(Authenticity.UNDETERMINED, found.authenticity());
        assertInstanceOf(Authentication.Unsettled.class, found);
        assertTrue(Snp.ended(found, "undetermined").contains("snp.vek-chain"));
        assertEquals(
                Set.of("snp.report-signature", "snp.vek-matches-report", "snp.revocation"),
                Snp.ended(found, "not-reached"));
    }
}
