package io.countersign.verifier.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.insecure.SoftwareCertificate;
import io.countersign.insecure.SoftwareCertificate.Criticality;
import io.countersign.testkit.SoftwareIntels;
import io.countersign.verifier.bytes.Bytes;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a certificate may be used for is read from it, and what cannot be read allows nothing. */
class CertificateRoleTest {
    private static final String KEY_USAGE = "2.5.29.15";
    private static final String CONSTRAINTS = "2.5.29.19";

    /** An authority of path length 0 that may sign certificates and lists. */
    private static SoftwareCertificate authority() {
        return SoftwareIntels.trusted().rootDraft();
    }

    private static Certificate read(SoftwareCertificate draft) {
        try {
            return Certificate.parse(draft.der());
        } catch (MalformedDerException e) {
            throw new AssertionError(e);
        }
    }

    private static Certificate with(String oid, String hex) {
        return read(authority().replacing(oid, Bytes.fromHex(hex)));
    }

    @ParameterizedTest
    @CsvSource({
        "3000, false, none",
        "30030101ff, true, none",
        "30060101ff020100, true, 0",
        "30060101ff020101, true, 1",
        "3003020100, false, 0"
    })
    void readsConstraints(String der, boolean authority, String pathLength) {
        Optional<BasicConstraints> found = CertificateRole.constraints(with(CONSTRAINTS, der));
        assertEquals(Optional.of(authority), found.map(BasicConstraints::isCA));
        assertEquals(
                pathLength.equals("none") ? Optional.empty() : Optional.of(new BigInteger(pathLength)),
                found.map(BasicConstraints::getPathLenConstraint));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0500", "30", "0101ff", "30030401ff", "3006010 1ff0401 00", "ffff", "3080", "300302"})
    void constraintsThatCannotBeReadAreNone(String hex) {
        Certificate odd = with(CONSTRAINTS, hex.replace(" ", ""));
        assertTrue(
                CertificateRole.constraints(odd).filter(BasicConstraints::isCA).isEmpty());
        assertTrue(CertificateRole.constraints(odd)
                .map(BasicConstraints::getPathLenConstraint)
                .isEmpty());
    }

    @Test
    void aCertificateWithoutTheExtensionsAllowsNothing() {
        Certificate bare = read(authority().without(KEY_USAGE).without(CONSTRAINTS));
        assertEquals(Optional.empty(), CertificateRole.constraints(bare));
        assertFalse(CertificateRole.allows(bare, KeyUsage.digitalSignature));
    }

    @ParameterizedTest
    @CsvSource({
        "03020106, true, true, false",
        "03020780, false, false, true",
        "03020204, true, false, false",
        "03020102, false, true, false",
        "030206c0, false, false, true",
        "0303070680, true, true, false",
        "030100, false, false, false",
        "0500, false, false, false",
        "0302, false, false, false",
        "04020106, false, false, false",
        "'', false, false, false"
    })
    void allowsOnlyWhatKeyUsageNames(String hex, boolean certificates, boolean lists, boolean data) {
        Certificate found = with(KEY_USAGE, hex);
        assertEquals(certificates, CertificateRole.allows(found, KeyUsage.keyCertSign));
        assertEquals(lists, CertificateRole.allows(found, KeyUsage.cRLSign));
        assertEquals(certificates && lists, CertificateRole.allows(found, KeyUsage.keyCertSign | KeyUsage.cRLSign));
        assertEquals(data, CertificateRole.allows(found, KeyUsage.digitalSignature));
    }

    @Test
    void criticalExtensionsBeyondTheTwoAreNamed() {
        assertEquals(List.of(), CertificateRole.unknownCriticalExtensions(read(authority())));
        // nameConstraints would have to be heeded.
        Certificate constrained = read(authority().with("2.5.29.30", Criticality.CRITICAL, Bytes.fromHex("3000")));
        assertEquals(List.of("2.5.29.30"), CertificateRole.unknownCriticalExtensions(constrained));
        Certificate noted = read(authority().with("1.2.3.4", Bytes.fromHex("0500")));
        assertEquals(List.of(), CertificateRole.unknownCriticalExtensions(noted));
    }

    /** Roles are judged before signatures, so that anybody may send these. */
    @Test
    void deepNestingInsideAnExtensionIsNoRole() {
        String deep = "3080".repeat(5_000);
        assertTrue(CertificateRole.constraints(with(CONSTRAINTS, deep)).isEmpty());
        assertFalse(CertificateRole.allows(with(KEY_USAGE, deep), KeyUsage.digitalSignature));
        assertTrue(with(CONSTRAINTS, deep).saysCertificateAuthority());
    }
}
