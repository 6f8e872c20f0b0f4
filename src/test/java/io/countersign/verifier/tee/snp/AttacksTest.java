package io.countersign.verifier.tee.snp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.bytes.UnsupportedEvidenceException;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Authenticity;
import io.countersign.verifier.tee.snp.Captures.Capture;
import io.countersign.verifier.trust.Endorsements;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What attackers have tried on other verifiers, derived from genuine captures. */
class AttacksTest {
    private static final int R = 0x2A0;
    private static final int S = 0x2E8;
    private static final BigInteger ORDER = new BigInteger(
            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973", 16);

    private static final Set<String> VEK_CHECKS =
            Set.of("snp.report-signature", "snp.vek-chain", "snp.vek-matches-report");

    @Test
    void everyOtherCapturesVekIsRejected() throws EvidenceException {
        List<Capture> all = Captures.all();
        for (String id : List.of("tav-milan", "tav-turin", "coco-vlek", "gosev-milan")) {
            Capture capture = Captures.named(id);
            for (Capture other : all) {
                if (other.vek().equals(capture.vek())) {
                    continue;
                }
                Authentication found = Snp.judge(capture.report(), other.vek(), capture.hint());
                assertEquals(Authenticity.REJECTED, found.authenticity(), id + " with " + other);
                boolean samePart = other.entry()
                                .get("fields")
                                .get("chip_id")
                                .equals(capture.entry().get("fields").get("chip_id"))
                        && other.entry()
                                .get("fields")
                                .get("reported_tcb_hex")
                                .equals(capture.entry().get("fields").get("reported_tcb_hex"));
                assertTrue(
                        samePart || Snp.ended(found, "failed").contains("snp.report-signature"), id + " with " + other);
            }
        }
    }

    @Test
    void aVlekForAVcekReportAndTheReverseFailToMatch() throws EvidenceException {
        Capture vcek = Captures.named("tav-milan");
        Capture vlek = Captures.named("coco-vlek");
        for (var found : List.of(
                Snp.judge(vcek.report(), vlek.vek(), vlek.hint()), Snp.judge(vlek.report(), vcek.vek(), vcek.hint()))) {
            assertTrue(Snp.ended(found, "failed").contains("snp.vek-matches-report"));
        }
    }

    @Test
    void theRightCertificateIsFoundAmongWrongOnes() throws EvidenceException {
        Capture capture = Captures.named("tav-genoa");
        var pem = new StringBuilder();
        for (String id : List.of("tav-milan", "coco-vlek", "tav-turin", "tav-genoa", "ars-genoa-v5")) {
            pem.append(PretendAmd.pem(Captures.named(id).vek()));
        }
        Authentication found = Snp.judge(capture.report(), Bytes.utf8(pem.toString()), capture.hint());
        assertEquals(4, Snp.ended(found, "passed").size());
    }

    @Test
    void amongWrongCertificatesTheNearestIsReported() throws EvidenceException {
        Capture capture = Captures.named("tav-genoa");
        Bytes damaged = Snp.flipped(capture.report(), 0x50 * 8);
        Bytes pem = Bytes.utf8(PretendAmd.pem(Captures.named("tav-milan").vek()) + PretendAmd.pem(capture.vek()));
        assertEquals(Set.of("snp.report-signature"), Snp.ended(Snp.judge(damaged, pem, capture.hint()), "failed"));
    }

    @Test
    void certificatesInTheRequestsSlotCountAsBrought() throws EvidenceException {
        Capture capture = Captures.named("tav-milan");
        for (var expected : Map.of(
                        PretendAmd.pem(capture.vek()),
                        Authenticity.UNDETERMINED,
                        PretendAmd.pem(Captures.named("tav-genoa").vek()),
                        Authenticity.REJECTED,
                        "-----BEGIN nonsense",
                        Authenticity.REJECTED)
                .entrySet()) {
            var slot = Endorsements.brought(Map.of("amd.certificates", List.of(Bytes.utf8(expected.getKey()))));
            SnpEvidence evidence = Snp.parse(capture.report());
            assertEquals(
                    expected.getValue(),
                    Snp.SCHEME
                            .authenticate(evidence, Snp.at(capture.hint(), slot))
                            .authenticity());
            assertEquals(
                    expected.getValue() == Authenticity.UNDETERMINED,
                    Snp.SCHEME
                            .wanted(evidence, slot, capture.hint())
                            .equals(Set.of(new AmdEndorsementRef.Crl(Product.MILAN, VekKind.VCEK))));
        }
    }

    @Test
    void allZeroOversizedAndOutOfRangeSignaturesNeverVerify() throws EvidenceException {
        Capture capture = Captures.named("tav-milan");
        Bytes zero = Bytes.zeros(72);
        Bytes order = Bytes.copyOf(littleEndian(ORDER, 72));
        for (Bytes bad : List.of(
                Snp.with(Snp.with(capture.report(), R, zero), S, zero),
                Snp.with(capture.report(), R, zero),
                Snp.with(capture.report(), S, zero),
                Snp.with(capture.report(), R, order),
                Snp.with(capture.report(), S, order),
                Snp.with(
                        capture.report(),
                        S,
                        Bytes.copyOf(littleEndian(s(capture.report()).add(ORDER), 72))))) {
            assertTrue(Snp.ended(Snp.judge(bad, capture.vek(), capture.hint()), "failed")
                    .contains("snp.report-signature"));
        }
        Bytes tall = Snp.with(capture.report(), R + 48, Bytes.fromHex("01"));
        assertEquals(Set.of("snp.format"), Snp.ended(Snp.judge(tall, capture.vek(), capture.hint()), "failed"));
    }

    /**
     * ECDSA signatures are malleable: (r, n - s) verifies wherever (r, s) does. It changes nothing that was signed, and
     * evidence is never identified by its signature: both forms commit to the same bytes.
     */
    @Test
    void theTwinOfASignatureVerifiesAndCommitsToTheSameBytes() throws EvidenceException {
        Capture capture = Captures.named("tav-milan");
        Bytes twin = Snp.with(capture.report(), S, Bytes.copyOf(littleEndian(ORDER.subtract(s(capture.report())), 72)));
        assertEquals(
                4,
                Snp.ended(Snp.judge(twin, capture.vek(), capture.hint()), "passed")
                        .size());
        assertEquals(
                Snp.parse(capture.report()).committedBytes(), Snp.parse(twin).committedBytes());
    }

    private static BigInteger s(Bytes report) {
        return new BigInteger(1, report.slice(S, S + 72).reversed().toByteArray());
    }

    private static byte[] littleEndian(BigInteger value, int length) {
        byte[] out = new byte[length];
        for (int i = 0; i < length; i++) {
            out[i] = value.shiftRight(8 * i).byteValue();
        }
        return out;
    }

    @Test
    void aByteInTheUnsignedTailIsAFormatFailureAndNothingElse() throws EvidenceException {
        Capture capture = Captures.named("tav-turin");
        for (int offset : List.of(0x330, 0x400, 0x49F)) {
            Bytes marked = Snp.with(capture.report(), offset, Bytes.fromHex("01"));
            assertEquals(Set.of("snp.format"), Snp.ended(Snp.judge(marked, capture.vek(), capture.hint()), "failed"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void anotherSigningKeyIsRejectedWithAndWithoutCertificates(int signingKey) throws EvidenceException {
        Capture capture = Captures.named("tav-milan");
        Bytes edited = Snp.with(capture.report(), 0x048, Bytes.copyOf((byte) (signingKey << 2)));
        var failed = new TreeSet<>(Set.of("snp.report-signature", "snp.vek-matches-report"));
        if (signingKey > 1) {
            failed.add("snp.format");
        }
        assertEquals(failed, Snp.ended(Snp.judge(edited, capture.vek(), capture.hint()), "failed"));
        var bare = Snp.SCHEME.authenticate(Snp.parse(edited), Snp.at(capture.hint()));
        assertEquals(signingKey == 1 ? Authenticity.UNDETERMINED : Authenticity.REJECTED, bare.authenticity());
        assertEquals(Set.of(), Snp.SCHEME.wanted(Snp.parse(edited), Endorsements.none(), capture.hint()));
    }

    @Test
    void aReportThatFirmwareDidNotSignIsAFormatFailure() throws EvidenceException {
        Capture capture = Captures.named("tav-milan");
        Bytes masked = Snp.with(capture.report(), 0x048, Bytes.fromHex("02"));
        assertTrue(Snp.ended(Snp.judge(masked, capture.vek(), capture.hint()), "failed")
                .contains("snp.format"));
    }

    @ParameterizedTest
    @CsvSource({
        "0x00A, 01, POLICY bit 17",
        "0x00B, 04, POLICY has reserved bits",
        "0x034, 02, SIGNATURE_ALGO",
        "0x04B, 80, bits 31:5",
        "0x04F, 01, 0x04c",
        "0x18B, 01, 0x18b",
        "0x19F, 01, 0x18b",
        "0x03A, 01, CURRENT_TCB",
        "0x184, 01, REPORTED_TCB",
        "0x1E5, 01, COMMITTED_TCB",
        "0x1F3, 01, LAUNCH_TCB",
        "0x186, ff, not at most",
        "0x1EB, 01, 0x1eb",
        "0x1EF, 01, 0x1eb",
        "0x1F8, 01, before version 5",
        "0x207, 01, before version 5",
        "0x208, 01, 0x208",
        "0x29F, 01, 0x208"
    })
    void reservedAndUndefinedValuesFailTheFormatAndSayWhich(String offset, String value, String finding)
            throws EvidenceException {
        Capture capture = Captures.named("tav-milan");
        Bytes edited = Snp.with(capture.report(), Integer.decode(offset), Bytes.fromHex(value));
        var outcome = Snp.outcome(Snp.judge(edited, capture.vek(), capture.hint()), SnpCheck.FORMAT);
        assertTrue(assertInstanceOf(Outcome.Failed.class, outcome).actual().contains(finding), outcome::toString);
        // Anybody could make us fetch with such bytes.
        assertEquals(Set.of(), Snp.SCHEME.wanted(Snp.parse(edited), Endorsements.none(), capture.hint()));
    }

    @Test
    void allFormatFindingsStandInOneOutcome() throws EvidenceException {
        Capture capture = Captures.named("tav-milan");
        Bytes edited = Snp.with(Snp.with(capture.report(), 0x034, Bytes.fromHex("09")), 0x208, Bytes.fromHex("01"));
        var failed = assertInstanceOf(
                Outcome.Failed.class, Snp.outcome(Snp.judge(edited, capture.vek(), capture.hint()), SnpCheck.FORMAT));
        assertTrue(failed.actual().contains("SIGNATURE_ALGO") && failed.actual().contains("0x208"));
    }

    @Test
    void unknownPlatformBitsAreAClaimAndNoFormatFailure() throws EvidenceException {
        var report =
                AttestationReport.parse(Snp.with(Captures.named("tav-milan").report(), 0x047, Bytes.fromHex("80")));
        assertEquals(List.of(), ReportFormat.findings(report, report.product()));
        var claims = SnpClaims.of(report, report.product(), java.util.Optional.empty());
        assertEquals(
                "8000000000000000",
                claims.find("snp.platform_info.unknown_bits").orElseThrow());
    }

    @Test
    void theHostsOwnRequestIsAClaimAndNoFormatFailure() throws EvidenceException {
        var report = AttestationReport.parse(
                Snp.with(Captures.named("tav-milan").report(), 0x030, Bytes.fromHex("ffffffff")));
        assertEquals(List.of(), ReportFormat.findings(report, report.product()));
        assertEquals(
                4294967295L,
                SnpClaims.of(report, report.product(), java.util.Optional.empty())
                        .find("snp.vmpl")
                        .orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000000", "01000000", "06000000", "00000100", "ffffffff"})
    void otherVersionsAreUnsupported(String version) {
        Bytes edited = Snp.with(Captures.named("tav-milan").report(), 0, Bytes.fromHex(version));
        assertThrows(UnsupportedEvidenceException.class, () -> Snp.parse(edited));
    }

    @Test
    void versionFourIsReadAsVersionThree() throws EvidenceException {
        Bytes edited = Snp.with(Captures.named("tav-milan").report(), 0, Bytes.fromHex("04"));
        var report = AttestationReport.parse(edited);
        assertEquals(List.of(), ReportFormat.findings(report, report.product()));
        assertEquals(java.util.Optional.of(Product.MILAN), report.product());
    }

    @ParameterizedTest
    @CsvSource({
        "19, 00, Milan", "19, 0f, Milan", "19, 10, Genoa", "19, 1f, Genoa", "19, 20, none", "19, 9f, none",
        "19, a0, Genoa", "19, af, Genoa", "19, b0, none", "1a, 00, Turin", "1a, 11, Turin", "1a, 12, none",
        "1a, 50, none", "17, 01, none", "00, 00, none"
    })
    void theProcessorTellsTheProductLineAndUnknownOnesAreUnsupported(String family, String model, String product)
            throws EvidenceException {
        Bytes edited = Snp.with(Captures.named("tav-milan").report(), 0x188, Bytes.fromHex(family + model));
        if (product.equals("none")) {
            assertThrows(UnsupportedEvidenceException.class, () -> Snp.parse(edited));
        } else {
            assertEquals(Product.named(product), Snp.parse(edited).report().product());
        }
    }

    @Test
    void aReportThatNamesAnotherProductLineDoesNotMatchItsChain() throws EvidenceException {
        Capture capture = Captures.named("tav-milan");
        Bytes edited = Snp.with(capture.report(), 0x188, Bytes.fromHex("1911"));
        assertEquals(
                Set.of("snp.report-signature", "snp.vek-matches-report"),
                Snp.ended(Snp.judge(edited, capture.vek(), capture.hint()), "failed"));
    }

    @Test
    void theClockDecidesAboutTheVekAndItsAuthorities() throws EvidenceException {
        Capture capture = Captures.named("coco-vlek");
        Instant begin = Instant.parse("2024-12-10T22:14:21Z");
        Instant end = Instant.parse("2025-12-10T22:14:21Z");
        for (Instant good : List.of(begin, end, begin.minusSeconds(60))) {
            assertEquals(
                    4,
                    Snp.ended(Snp.judge(capture.report(), capture.vek(), good), "passed")
                            .size());
        }
        for (Instant bad : List.of(
                begin.minusSeconds(61),
                end.plusMillis(1),
                Instant.parse("2016-01-01T00:00:00Z"),
                Instant.parse("2099-01-01T00:00:00Z"))) {
            assertEquals(Set.of("snp.vek-chain"), Snp.ended(Snp.judge(capture.report(), capture.vek(), bad), "failed"));
        }
    }

    @Test
    void rememberedSignaturesAreJudgedAnewAtEveryInstant() throws EvidenceException {
        Capture capture = Captures.named("tav-genoa");
        var scheme = new SnpScheme(Snp.AMD, Snp.FAST, Snp.mindful());
        var raw = new io.countersign.verifier.scheme.RawEvidence(
                Map.of("report", capture.report(), "certificates", capture.vek()));
        for (int i = 0; i < 2; i++) {
            assertEquals(
                    "passed",
                    Snp.outcome(scheme.authenticate(scheme.parse(raw), Snp.at(capture.hint())), SnpCheck.VEK_CHAIN)
                            .word());
        }
        Instant late = capture.hint().plus(Duration.ofDays(5 * 365));
        assertEquals(
                "failed",
                Snp.outcome(scheme.authenticate(scheme.parse(raw), Snp.at(late)), SnpCheck.VEK_CHAIN)
                        .word());
    }

    @Test
    void failuresOfTheVekNeverLeaveTheVerdictOpen() throws EvidenceException {
        Capture capture = Captures.named("coco-vcek-inv-new");
        Authentication found = Snp.judge(capture.report(), capture.vek(), capture.hint());
        assertEquals(VEK_CHECKS, Snp.ended(found, "failed"));
        assertTrue(found.claims().isEmpty());
    }
}
