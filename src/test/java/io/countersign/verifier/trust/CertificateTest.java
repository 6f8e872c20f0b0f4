package io.countersign.verifier.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import java.math.BigInteger;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Certificates are read strictly, and reading lets nothing out but its own refusal. */
class CertificateTest {
    private static final Bytes DER = Made.certificate(false);

    @Test
    void readsWhatStandsInACertificate() throws MalformedDerException {
        var certificate = Certificate.parse(DER);
        assertEquals(DER, certificate.der());
        assertEquals(DER.sha256(), certificate.fingerprint());
        assertEquals("Someone", certificate.subjectCommonName());
        assertEquals(certificate.subject(), certificate.issuer());
        assertEquals(BigInteger.valueOf(5), certificate.serial());
        assertEquals(new Window(Made.FROM, Made.UNTIL), certificate.window());
        assertEquals(Bytes.copyOf(Made.KEY.getPublic().getEncoded()), certificate.subjectPublicKeyInfo());
        assertEquals(Optional.of(Bytes.fromHex("010203")), certificate.extension(Made.OID));
        assertEquals(Optional.empty(), certificate.extension("1.2.3.5"));
    }

    @Test
    void tellsAuthoritiesFromLeaves() throws MalformedDerException {
        assertFalse(Certificate.parse(DER).saysCertificateAuthority());
        assertTrue(Certificate.parse(Made.certificate(true)).saysCertificateAuthority());
    }

    @Test
    void constraintsThatCannotBeReadCountAsAnAuthoritys() throws MalformedDerException {
        // The last of these bytes is an empty SEQUENCE; an INTEGER of no bytes is no BasicConstraints.
        byte[] array = DER.toByteArray();
        int at = indexOf(array, Bytes.fromHex("0603551d130101ff04023000").toByteArray());
        array[at + 10] = 2;
        assertTrue(Certificate.parse(Bytes.copyOf(array)).saysCertificateAuthority());
    }

    @Test
    void refusesEveryCutAndEveryLongerCertificate() {
        for (int length = 0; length < DER.length(); length++) {
            Bytes cut = DER.slice(0, length);
            assertThrows(MalformedDerException.class, () -> Certificate.parse(cut));
        }
        assertThrows(MalformedDerException.class, () -> Certificate.parse(Bytes.concat(DER, Bytes.zeros(1))));
        assertThrows(MalformedDerException.class, () -> Certificate.parse(Bytes.zeros(Certificate.MAX_LENGTH + 1)));
    }

    @Test
    void refusesAlgorithmsThatDifferInsideAndOutside() {
        byte[] array = DER.toByteArray();
        byte[] sha384 = Bytes.fromHex("06082a8648ce3d040303").toByteArray();
        array[indexOf(array, sha384) + sha384.length - 1] = 2;
        assertThrows(MalformedDerException.class, () -> Certificate.parse(Bytes.copyOf(array)));
    }

    @Test
    void refusesEncodingsThatAreNotDer() {
        // The outer SEQUENCE with an indefinite length: BER, not DER.
        Bytes indefinite =
                Bytes.concat(Bytes.fromHex("3080"), DER.slice(DER.u8(1) == 0x82 ? 4 : 3, DER.length()), Bytes.zeros(2));
        assertThrows(MalformedDerException.class, () -> Certificate.parse(indefinite));
    }

    @Test
    void damageLetsNothingOutButTheRefusal() {
        for (int bit = 0; bit < DER.length() * 8; bit++) {
            byte[] array = DER.toByteArray();
            array[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                Certificate.parse(Bytes.copyOf(array)).saysCertificateAuthority();
            } catch (MalformedDerException refusal) {
                assertFalse(refusal.getMessage().isBlank());
            }
        }
    }

    /** A SEQUENCE in a SEQUENCE, as deep as the longest CRL allows. */
    @Test
    void deepNestingIsRefusedAndDoesNotExhaustTheStack() {
        for (int limit : new int[] {Certificate.MAX_LENGTH, RevocationList.MAX_LENGTH}) {
            Bytes nested = nested(limit);
            assertThrows(MalformedDerException.class, () -> Certificate.parse(nested));
            assertThrows(MalformedDerException.class, () -> RevocationList.parse(nested));
        }
    }

    private static Bytes nested(int limit) {
        byte[] array = new byte[limit];
        int start = limit;
        int length = 0;
        while (true) {
            byte[] header = length < 0x80
                    ? new byte[] {0x30, (byte) length}
                    : length < 0x10000
                            ? new byte[] {0x30, (byte) 0x82, (byte) (length >> 8), (byte) length}
                            : new byte[] {0x30, (byte) 0x83, (byte) (length >> 16), (byte) (length >> 8), (byte) length
                            };
            if (start < header.length) {
                return Bytes.copyOf(array).slice(start, limit);
            }
            start -= header.length;
            System.arraycopy(header, 0, array, start, header.length);
            length = limit - start;
        }
    }

    static int indexOf(byte[] array, byte[] part) {
        for (int i = 0; i + part.length <= array.length; i++) {
            if (java.util.Arrays.equals(array, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("not there");
    }
}
