package io.countersign.verifier.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.countersign.verifier.bytes.Bytes;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An anchor file says of every block what it may be used for, or is refused whole. */
class TrustAnchorsTest {
    private static final Bytes DER = Made.certificate(true);
    private static final String PEM = "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(DER.toByteArray()).replace("\r", "")
            + "\n-----END CERTIFICATE-----\n";

    private static TrustAnchors parse(String text) {
        return TrustAnchors.parse(text, TrustAnchors.Origin.VENDOR);
    }

    @Test
    void readsRoleVariantAndCertificateOfEveryBlock() {
        var anchors = parse("# about this file\n\n# anchor: amd-ark Milan\n# subject: someone\n" + PEM
                + "\n# anchor: intel-root\n" + PEM);
        assertEquals(2, anchors.all().size());
        var ark = anchors.of(AnchorRole.AMD_ARK).getFirst();
        assertEquals("Milan", ark.variant());
        assertEquals(DER, ark.certificate().der());
        assertEquals(TrustAnchors.Origin.VENDOR, ark.origin());
        assertEquals("", anchors.of(AnchorRole.INTEL_ROOT).getFirst().variant());
        assertEquals(List.of(), anchors.of(AnchorRole.AMD_ASK));
    }

    @Test
    void readsFilesWithWindowsLineEnds() {
        assertEquals(
                1,
                parse(("# anchor: amd-ark Milan\n" + PEM).replace("\n", "\r\n"))
                        .all()
                        .size());
    }

    @Test
    void anEmptyFileHoldsNoAnchor() {
        assertEquals(List.of(), parse("").all());
        assertEquals(List.of(), TrustAnchors.none().all());
    }

    @Test
    void refusesBlocksWithoutARoleOfTheirOwn() {
        String good = "# anchor: amd-ark Milan\n" + PEM;
        for (String bad : List.of(
                PEM,
                good + PEM,
                "# anchor: amd-king Milan\n" + PEM,
                good.replace("CERTIFICATE", "PUBLIC KEY"),
                good.replace("MII", "MIJ"),
                good.replace("MII", "M*I"),
                good.replace("-----END CERTIFICATE-----", ""))) {
            assertThrows(IllegalArgumentException.class, () -> parse(bad), bad);
        }
    }

    @Test
    void joinsFilesKeepingWhereEachAnchorCameFrom() {
        var laboratory = TrustAnchors.parse("# anchor: amd-ark Milan\n" + PEM, TrustAnchors.Origin.LABORATORY);
        var both = parse("# anchor: amd-ark Milan\n" + PEM).and(laboratory);
        assertEquals(
                List.of(TrustAnchors.Origin.VENDOR, TrustAnchors.Origin.LABORATORY),
                both.of(AnchorRole.AMD_ARK).stream()
                        .map(TrustAnchors.Anchor::origin)
                        .toList());
    }
}
