package io.countersign.verifier.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.countersign.testkit.SoftwareIntels;
import io.countersign.verifier.bytes.Bytes;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Revocation lists are read strictly, and what they hold is neither dropped nor guessed. */
class RevocationListTest {
    private static final Bytes DER = Made.list(Optional.of(Made.UNTIL), List.of(7L, 0L), Optional.empty());

    @Test
    void readsWhatStandsInAList() throws MalformedDerException {
        var list = RevocationList.parse(DER);
        assertEquals(Made.FROM, list.thisUpdate());
        assertEquals(Optional.of(Made.UNTIL), list.nextUpdate());
        assertEquals(Set.of(BigInteger.valueOf(7), BigInteger.ZERO), list.revokedSerials());
        assertEquals(Optional.of(BigInteger.TEN), list.number());
        assertEquals(List.of(), list.unknownCriticalExtensions());
        assertEquals(Certificate.parse(Made.certificate(true)).subject(), list.issuer());
    }

    @Test
    void anEmptyListAndOneWithoutAnEndAreRead() throws MalformedDerException {
        var list = RevocationList.parse(Made.list(Optional.empty(), List.of(), Optional.empty()));
        assertEquals(Set.of(), list.revokedSerials());
        assertEquals(Optional.empty(), list.nextUpdate());
    }

    @Test
    void namesCriticalExtensionsThatItDoesNotKnow() throws MalformedDerException {
        // issuingDistributionPoint would make the list one of a part only.
        var list = RevocationList.parse(Made.list(Optional.of(Made.UNTIL), List.of(), Optional.of("2.5.29.28")));
        assertEquals(List.of("2.5.29.28"), list.unknownCriticalExtensions());
    }

    @Test
    void refusesEveryCutAndEveryLongerList() {
        for (int length = 0; length < DER.length(); length++) {
            Bytes cut = DER.slice(0, length);
            assertThrows(MalformedDerException.class, () -> RevocationList.parse(cut));
        }
        assertThrows(MalformedDerException.class, () -> RevocationList.parse(Bytes.concat(DER, Bytes.zeros(1))));
        assertThrows(
                MalformedDerException.class, () -> RevocationList.parse(Bytes.zeros(RevocationList.MAX_LENGTH + 1)));
    }

    @Test
    void damageLetsNothingOutButTheRefusal() {
        for (int bit = 0; bit < DER.length() * 8; bit++) {
            byte[] array = DER.toByteArray();
            array[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                RevocationList.parse(Bytes.copyOf(array));
            } catch (MalformedDerException refusal) {
                assertFalse(refusal.getMessage().isBlank());
            }
        }
    }

    @Test
    void tellsTheKeyThatSignedOnlyWhereTheListNamesIt() throws MalformedDerException {
        assertEquals(Optional.empty(), RevocationList.parse(DER).authorityKeyIdentifier());
        var intel = SoftwareIntels.trusted();
        Bytes named = Bytes.fromHex("0102030405");
        assertEquals(
                Optional.of(named),
                RevocationList.parse(intel.rootCrlDraft()
                                .authorityKeyIdentifier(named)
                                .der())
                        .authorityKeyIdentifier());
        assertEquals(
                Optional.empty(),
                RevocationList.parse(intel.rootCrlDraft()
                                .withoutAuthorityKeyIdentifier()
                                .der())
                        .authorityKeyIdentifier());
    }

    /** RFC 5280, section 4.2.1.1: the identifier may name issuer and serial in place of the key. */
    @Test
    void anIdentifierWithoutAKeyNamesNone() throws MalformedDerException {
        for (String value : List.of("3000", "3003820107")) {
            var list = SoftwareIntels.trusted()
                    .rootCrlDraft()
                    .withoutAuthorityKeyIdentifier()
                    .withCriticalExtension("2.5.29.35", Bytes.fromHex(value));
            assertEquals(Optional.empty(), RevocationList.parse(list.der()).authorityKeyIdentifier());
        }
        var unreadable = SoftwareIntels.trusted()
                .rootCrlDraft()
                .withoutAuthorityKeyIdentifier()
                .withCriticalExtension("2.5.29.35", Bytes.fromHex("020101"))
                .der();
        assertThrows(MalformedDerException.class, () -> RevocationList.parse(unreadable));
    }
}
