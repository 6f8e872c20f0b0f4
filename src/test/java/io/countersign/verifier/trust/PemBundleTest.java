package io.countersign.verifier.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.insecure.Pem;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bundles hold certificates and white space, and nothing else. */
class PemBundleTest {
    private static final Bytes DER = Made.certificate(false);
    private static final Bytes OTHER = Made.certificate(true);
    private static final String PEM = Pem.certificate(DER);

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n\r\n", " \t", "\n\n\n"})
    void whiteSpaceMayStandAnywhereBetween(String space) throws MalformedEvidenceException {
        String text = space + PEM + space + Pem.certificate(OTHER) + space;
        assertEquals(List.of(DER, OTHER), PemBundle.split(Bytes.utf8(text), 2));
    }

    @Test
    void linesMayEndAnyWayOrNotAtAll() throws MalformedEvidenceException {
        for (String text : List.of(PEM.replace("\n", "\r\n"), PEM.replace("\n", ""), PEM.strip())) {
            assertEquals(List.of(DER), PemBundle.split(Bytes.utf8(text), 1));
        }
        assertEquals(List.of(), PemBundle.split(Bytes.empty(), 0));
    }

    @Test
    void moreThanWereAskedForAreRefused() throws MalformedEvidenceException {
        for (int count = 1; count < 5; count++) {
            Bytes bundle = Bytes.utf8(String.join("", Collections.nCopies(count, PEM)));
            assertEquals(count, PemBundle.split(bundle, count).size());
            int most = count - 1;
            assertThrows(MalformedEvidenceException.class, () -> PemBundle.split(bundle, most));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "\0",
                "\uFEFF",
                "# a comment\n",
                "-----BEGIN CERTIFICATE-----",
                "-----BEGIN CERTIFICATE-----\nAAAA\n",
                "-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----",
                "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----",
                "-----BEGIN CERTIFICATE-----\nAA==AA==\n-----END CERTIFICATE-----",
                "-----BEGIN CERTIFICATE-----\n\uFF21AAA\n-----END CERTIFICATE-----",
                "-----BEGIN CERTIFICATE-------END CERTIFICATE-----",
                "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----",
                "-----BEGIN TRUSTED CERTIFICATE-----\nAAAA\n-----END TRUSTED CERTIFICATE-----",
                "-----begin certificate-----\nAAAA\n-----end certificate-----"
            })
    void anythingElseIsRefusedBeforeBetweenAndAfter(String strange) {
        for (String text : List.of(strange, strange + PEM, PEM + strange, PEM + strange + PEM)) {
            Bytes bundle = Bytes.utf8(text);
            assertThrows(MalformedEvidenceException.class, () -> PemBundle.split(bundle, 9), text);
            assertThrows(MalformedDerException.class, () -> PemBundle.certificates(bundle, 9));
        }
    }

    @Test
    void bytesThatAreNoTextAreRefused() {
        Bytes bundle = Bytes.concat(Bytes.utf8(PEM), Bytes.fromHex("ff"));
        assertThrows(MalformedEvidenceException.class, () -> PemBundle.split(bundle, 9));
    }

    @Test
    void aBlockThatHoldsNoCertificateIsLeftToItsReader() throws MalformedEvidenceException {
        Bytes bundle = Bytes.utf8(PEM + Pem.certificate(Bytes.fromHex("3000")));
        assertEquals(2, PemBundle.split(bundle, 2).size());
        assertThrows(MalformedDerException.class, () -> PemBundle.certificates(bundle, 2));
    }

    @Test
    void everyCutIsRefusedOrEndsWithABlock() {
        Bytes bundle = Bytes.utf8(PEM + PEM);
        for (int length = 1; length < bundle.length() - 1; length++) {
            try {
                List<Bytes> found = PemBundle.split(bundle.slice(0, length), 2);
                assertEquals(List.of(DER), found, "cut to " + length);
                assertTrue(length == PEM.length() || length == PEM.length() - 1, "cut to " + length);
            } catch (MalformedEvidenceException refusal) {
                assertFalse(refusal.getMessage().isBlank());
            }
        }
    }

    @Test
    void whatLooksLikePemBeginsLikeIt() {
        assertTrue(PemBundle.looksLike(Bytes.utf8("-----BEGIN X509 CRL-----")));
        assertFalse(PemBundle.looksLike(Bytes.utf8(" -----BEGIN CERTIFICATE-----")));
        assertFalse(PemBundle.looksLike(Bytes.utf8("-----BEGI")));
        assertFalse(PemBundle.looksLike(DER));
    }
}
