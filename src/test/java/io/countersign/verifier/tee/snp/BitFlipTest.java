package io.countersign.verifier.tee.snp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.bytes.UnsupportedEvidenceException;
import io.countersign.verifier.claim.Authenticity;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.tee.snp.Captures.Capture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No damage to a genuine report survives. */
class BitFlipTest {
    private static final int SIGNED_BITS = 0x2A0 * 8;
    private static final int BITS = AttestationReport.LENGTH * 8;

    /** A prime, so that strides meet every position within a byte. */
    private static final int STRIDE = 101;

    private static final SnpScheme SCHEME = new SnpScheme(Snp.AMD, Snp.FAST, Snp.mindful());

    static List<Capture> genuine() {
        return Captures.all().stream()
                .filter(capture ->
                        capture.expected().get("verdict_at_hint_time").asText().equals("pass"))
                .toList();
    }

    static List<Capture> onePerProduct() {
        return List.of(Captures.named("tav-milan"), Captures.named("tav-genoa"), Captures.named("tav-turin"));
    }

    @ParameterizedTest
    @MethodSource("onePerProduct")
    void everyFlippedBitOfTheSignedRangeRejectsOrIsUnsupported(Capture capture) {
        for (int bit = 0; bit < SIGNED_BITS; bit++) {
            assertRefused(capture, bit);
        }
    }

    @ParameterizedTest
    @MethodSource("genuine")
    void flippedBitsAnywhereInAReportRejectIt(Capture capture) {
        for (int bit = 0; bit < BITS; bit += STRIDE) {
            assertRefused(capture, bit);
        }
    }

    private static void assertRefused(Capture capture, int bit) {
        try {
            var evidence = SCHEME.parse(new RawEvidence(
                    Map.of("report", Snp.flipped(capture.report(), bit), "certificates", capture.vek())));
            assertEquals(
                    Authenticity.REJECTED,
                    SCHEME.authenticate(evidence, Snp.at(capture.hint())).authenticity(),
                    "bit " + bit);
        } catch (UnsupportedEvidenceException _) {
            // the version, or a processor that no product line has
        } catch (EvidenceException e) {
            throw new AssertionError("bit " + bit, e);
        }
    }

    @Test
    void everyFlippedBitOfAVekCertificateIsRefused() {
        Capture capture = Captures.named("tav-genoa");
        for (int bit = 0; bit < capture.vek().length() * 8; bit += 13) {
            try {
                var evidence = SCHEME.parse(new RawEvidence(
                        Map.of("report", capture.report(), "certificates", Snp.flipped(capture.vek(), bit))));
                assertEquals(
                        Authenticity.REJECTED,
                        SCHEME.authenticate(evidence, Snp.at(capture.hint())).authenticity(),
                        "bit " + bit);
            } catch (MalformedEvidenceException _) {
                // no certificate any more
            } catch (EvidenceException e) {
                throw new AssertionError("bit " + bit, e);
            }
        }
    }

    @Test
    void everyOtherLengthIsMalformedAndSaysWhere() {
        Bytes report = Captures.named("tav-milan").report();
        for (int length = 0; length < report.length(); length++) {
            Bytes cut = report.slice(0, length);
            var refusal = assertThrows(MalformedEvidenceException.class, () -> Snp.parse(cut));
            assertEquals("ATTESTATION_REPORT", refusal.structure());
        }
        Bytes longer = Bytes.concat(report, Bytes.zeros(1));
        assertEquals(
                report.length(),
                assertThrows(MalformedEvidenceException.class, () -> Snp.parse(longer))
                        .offset());
    }
}
