package io.countersign.insecure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.RevocationList;
import io.countersign.verifier.trust.TrustAnchors;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class DemoAttesterTest {
    private static final DemoAttester ATTESTER =
            DemoAttester.start(new SecureRandom(), Instant.parse("2026-06-01T00:00:00.123456Z"));
    private static final Bytes REPORT_DATA =
            Bytes.utf8("what the report commits to").sha512();

    @Test
    void theReportCommitsToWhatItIsGiven() {
        var report = report(UnaryOperator.identity());
        assertEquals(SoftwareReport.LENGTH, report.length());
        assertEquals(REPORT_DATA, report.slice(0x50, 0x90));
        assertEquals(ATTESTER.measurement(), report.slice(0x90, 0xC0));
    }

    @Test
    void theMachineIsTheOneTheDemoDescribes() {
        var report = report(UnaryOperator.identity());
        assertEquals(3, report.u8(0));
        assertEquals("1f00030000000000", report.slice(0x08, 0x10).toString());
        assertEquals("2500000000000000", report.slice(0x40, 0x48).toString());
        assertEquals("04000000000018db", report.slice(0x180, 0x188).toString());
        assertEquals("190101", report.slice(0x188, 0x18B).toString());
        assertEquals("1d3701", report.slice(0x1E8, 0x1EB).toString());
    }

    @Test
    void aDebugMachineDiffersInThatBit() {
        var debug = report(draft -> draft.policyDebug(true));
        assertEquals("1f000b0000000000", debug.slice(0x08, 0x10).toString());
        assertNotEquals(report(UnaryOperator.identity()).slice(0x2A0, 0x330), debug.slice(0x2A0, 0x330));
    }

    @Test
    void itsAnchorsAndItsListAreReadable() throws MalformedDerException {
        assertEquals(
                3,
                TrustAnchors.parse(ATTESTER.anchorsPem(), TrustAnchors.Origin.LABORATORY)
                        .all()
                        .size());
        var members = ATTESTER.attest(REPORT_DATA, UnaryOperator.identity());
        var list = RevocationList.parse(Bytes.copyOf(Base64.getDecoder().decode(members.crl())));
        assertTrue(list.revokedSerials().isEmpty());
    }

    @Test
    void twoAttestersShareNoAnchor() {
        var other = DemoAttester.start(new SecureRandom(), Instant.parse("2026-06-01T00:00:00Z"));
        assertNotEquals(ATTESTER.anchorsPem(), other.anchorsPem());
    }

    private static Bytes report(UnaryOperator<SoftwareReport> changes) {
        return Bytes.copyOf(Base64.getUrlDecoder()
                .decode(ATTESTER.attest(REPORT_DATA, changes).report()));
    }
}
