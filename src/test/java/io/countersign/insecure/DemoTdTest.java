package io.countersign.insecure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.TrustAnchors;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DemoTdTest {
    private static final DemoTd TD = DemoTd.start(new SecureRandom(), Instant.parse("2026-06-01T00:00:00.123456Z"));
    private static final Bytes REPORT_DATA =
            Bytes.utf8("what the quote commits to").sha512();

    /** Header 48, descriptor 6, and then the body, in which MRTD stands at 136 and REPORTDATA at 520. */
    @Test
    void theQuoteCommitsToWhatItIsGivenAndShowsWhatPoliciesPin() {
        Bytes body = quote(DemoTd.Platform.UP_TO_DATE).slice(54, 54 + 648);
        assertEquals(TD.mrTd(), body.slice(136, 184));
        assertEquals(TD.rtmr1(), body.slice(376, 424));
        assertEquals(TD.rtmr2(), body.slice(424, 472));
        assertEquals(REPORT_DATA, body.slice(520, 584));
    }

    @Test
    void anOldBiosShowsInTheCertificateAndNotInTheTd() {
        Bytes good = quote(DemoTd.Platform.UP_TO_DATE);
        Bytes old = quote(DemoTd.Platform.OLD_BIOS);
        assertEquals(good.slice(0, 702), old.slice(0, 702));
        assertNotEquals(good, old);
    }

    @Test
    void everythingThatItsQuoteNeedsComesWithIt() {
        assertEquals(
                Set.of(
                        "tcb_info",
                        "tcb_info_issuer_chain",
                        "qe_identity",
                        "qe_identity_issuer_chain",
                        "pck_crl",
                        "root_ca_crl"),
                TD.attest(REPORT_DATA, DemoTd.Platform.UP_TO_DATE)
                        .endorsements()
                        .keySet());
        assertEquals(
                1,
                TrustAnchors.parse(TD.anchorsPem(), TrustAnchors.Origin.LABORATORY)
                        .all()
                        .size());
    }

    private static Bytes quote(DemoTd.Platform platform) {
        return Bytes.copyOf(
                Base64.getUrlDecoder().decode(TD.attest(REPORT_DATA, platform).quote()));
    }
}
