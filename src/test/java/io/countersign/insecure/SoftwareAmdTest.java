package io.countersign.insecure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.testkit.SoftwareAmds;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.VekKind;
import io.countersign.verifier.trust.AnchorRole;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.RevocationList;
import io.countersign.verifier.trust.Signatures;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Set;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SoftwareAmdTest {
    private static final Signatures SIGNATURES = Signatures.by(new BouncyCastleProvider());

    @ParameterizedTest
    @EnumSource(Product.class)
    void everyCertificateOfEveryChainVerifiesUnderItsIssuer(Product product) throws MalformedDerException {
        var amd = SoftwareAmds.of(product);
        var ark = Certificate.parse(amd.ark());
        assertEquals(Signatures.Verdict.VALID, signedBy(ark, ark));
        for (VekKind kind : VekKind.values()) {
            var intermediate = Certificate.parse(amd.intermediate(kind));
            var vek = Certificate.parse(amd.vek(kind));
            assertEquals(ark.subject(), intermediate.issuer());
            assertEquals(intermediate.subject(), vek.issuer());
            assertEquals(Signatures.Verdict.VALID, signedBy(intermediate, ark));
            assertEquals(Signatures.Verdict.VALID, signedBy(vek, intermediate));
        }
    }

    @ParameterizedTest
    @EnumSource(Product.class)
    void reportsVerifyUnderTheKeyThatSigningKeyNames(Product product) throws MalformedDerException {
        var amd = SoftwareAmds.of(product);
        for (VekKind kind : VekKind.values()) {
            var report = amd.report(r -> r.signingKey(kind));
            assertEquals(SoftwareReport.LENGTH, report.length());
            var key = SIGNATURES
                    .key("EC", Certificate.parse(amd.vek(kind)).subjectPublicKeyInfo())
                    .orElseThrow();
            assertEquals(
                    Signatures.Verdict.VALID,
                    SIGNATURES.ecdsaP384Sha384(
                            key,
                            report.slice(0, 0x2A0),
                            report.slice(0x2A0, 0x2D0).reversed(),
                            report.slice(0x2E8, 0x318).reversed()));
        }
    }

    @ParameterizedTest
    @EnumSource(Product.class)
    void revocationListsAreTheArksAndRevokeWhatTheyAreToldTo(Product product) throws MalformedDerException {
        var amd = SoftwareAmds.of(product);
        var ark = Certificate.parse(amd.ark());
        var list = RevocationList.parse(
                amd.crlDraft(VekKind.VCEK).revoking(0x10001).revoking(7).der());
        assertEquals(ark.subject(), list.issuer());
        assertEquals(Set.of(BigInteger.valueOf(0x10001), BigInteger.valueOf(7)), list.revokedSerials());
        assertTrue(list.nextUpdate().isPresent());
        assertTrue(list.number().isPresent());
        var key = SIGNATURES.key("RSA", ark.subjectPublicKeyInfo()).orElseThrow();
        assertEquals(Signatures.Verdict.VALID, SIGNATURES.rsaPssSha384(key, list.tbs(), list.signature()));
    }

    @Test
    void aForeignAmdHasTheSameNamesAndSerialsButNotTheKeys() throws MalformedDerException {
        var ours = Certificate.parse(SoftwareAmds.of(Product.MILAN).ark());
        var foreign = Certificate.parse(SoftwareAmds.foreignMilan().ark());
        assertEquals(ours.subject(), foreign.subject());
        assertEquals(ours.serial(), foreign.serial());
        assertNotEquals(ours.subjectPublicKeyInfo(), foreign.subjectPublicKeyInfo());
    }

    @Test
    void theAnchorFileNamesThreeRolesForEachProduct() {
        var anchors = SoftwareAmds.anchors();
        assertEquals(3, anchors.of(AnchorRole.AMD_ARK).size());
        assertEquals(3, anchors.of(AnchorRole.AMD_ASK).size());
        assertEquals(3, anchors.of(AnchorRole.AMD_ASVK).size());
        var turin = anchors.of(AnchorRole.AMD_ASVK).getLast();
        assertEquals("Turin", turin.variant());
        assertEquals("SEV-VLEK-Turin", turin.certificate().subjectCommonName());
    }

    @Test
    void theSameReportIsTheSameBytesEveryTime() {
        var amd = SoftwareAmds.of(Product.TURIN);
        assertEquals(amd.report(r -> r.vmpl(2)), amd.report(r -> r.vmpl(2)));
        assertNotEquals(amd.report(r -> r.vmpl(2)), amd.report(r -> r.vmpl(3)));
    }

    @Test
    void aFreshAmdSharesNoKeyWithAnyOther() throws MalformedDerException {
        var one = SoftwareAmd.fresh(Product.MILAN, new SecureRandom(), SoftwareAmds.AS_OF);
        assertNotEquals(
                Certificate.parse(SoftwareAmds.of(Product.MILAN).ark()).subjectPublicKeyInfo(),
                Certificate.parse(one.ark()).subjectPublicKeyInfo());
        assertEquals(Signatures.Verdict.VALID, signedBy(Certificate.parse(one.vcek()), Certificate.parse(one.ask())));
    }

    @Test
    void aFieldOfTheWrongLengthIsRefused() {
        var amd = SoftwareAmds.of(Product.MILAN);
        assertThrows(IllegalArgumentException.class, () -> amd.report(r -> r.measurement(Bytes.zeros(47))));
    }

    @Test
    void theDerivedKeysAreTheOnesInTheKeyFiles() {
        String name = SoftwareAmds.rsaKeyNames().getFirst();
        assertEquals(
                RsaKey.fromPem(io.countersign.testkit.FixtureFolder.read(SoftwareAmds.rsaKeyFile(name)))
                        .pem(),
                SoftwareAmds.deriveRsaKey(name).pem());
    }

    @Test
    void theJdkReadsAndVerifiesTheSameCertificates() throws Exception {
        var factory = java.security.cert.CertificateFactory.getInstance("X.509");
        var amd = SoftwareAmds.of(Product.GENOA);
        var vcek = factory.generateCertificate(
                new java.io.ByteArrayInputStream(amd.vcek().toByteArray()));
        var ask = factory.generateCertificate(
                new java.io.ByteArrayInputStream(amd.ask().toByteArray()));
        vcek.verify(ask.getPublicKey());
    }

    private static Signatures.Verdict signedBy(Certificate child, Certificate parent) {
        var key = SIGNATURES.key("RSA", parent.subjectPublicKeyInfo()).orElseThrow();
        return SIGNATURES.rsaPssSha384(key, child.tbs(), child.signature());
    }
}
