package io.countersign.insecure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.testkit.SoftwareAmds;
import io.countersign.testkit.SoftwareIntels;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.PckCa;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import io.countersign.verifier.trust.AnchorRole;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.RevocationList;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Verifies with the JDK what the software Intel signs with Bouncy Castle. */
class SoftwareIntelTest {
    private static final SoftwareIntel INTEL = SoftwareIntels.trusted();

    @ParameterizedTest
    @EnumSource(PckCa.class)
    void everyCertificateAndListVerifiesUnderItsIssuer(PckCa ca) throws Exception {
        var root = jdk(INTEL.root());
        var authority = jdk(INTEL.pckCaDraft(ca).der());
        var leaf = jdk(INTEL.pckDraft(ca).der());
        root.verify(root.getPublicKey());
        authority.verify(root.getPublicKey());
        leaf.verify(authority.getPublicKey());
        jdk(INTEL.tcbSignerDraft().der()).verify(root.getPublicKey());
        list(INTEL.rootCrlDraft().der()).verify(root.getPublicKey());
        list(INTEL.pckCrlDraft(ca).der()).verify(authority.getPublicKey());
        assertEquals(authority.getSubjectX500Principal(), leaf.getIssuerX500Principal());
        assertEquals(0, authority.getBasicConstraints());
        assertEquals(-1, leaf.getBasicConstraints());
    }

    @ParameterizedTest
    @EnumSource(QuoteForm.class)
    void everyFormOfQuoteIsSignedFromTheLeafDown(QuoteForm form) throws Exception {
        Bytes quote = INTEL.quote(form, PckCa.PLATFORM, q -> q);
        int signed = 48 + (form.hasDescriptor() ? 6 : 0) + form.bodyLength();
        Bytes section = quote.slice(signed + 4, quote.length());
        Bytes inner = section.slice(form.version() == 3 ? 128 : 134, section.length());
        Bytes key = section.slice(64, 128);
        assertTrue(verifies(point(key), quote.slice(0, signed), section.slice(0, 64)));
        var leaf = jdk(INTEL.pckDraft(PckCa.PLATFORM).der());
        assertTrue(verifies(leaf.getPublicKey(), inner.slice(0, 384), inner.slice(384, 448)));
        Bytes vouched = Bytes.concat(key, inner.slice(450, 482)).sha256();
        assertEquals(vouched.zeroPaddedTo(64), inner.slice(320, 384));
    }

    @ParameterizedTest
    @EnumSource(TeeType.class)
    void statementsAreSignedOverTheBytesBetweenTheirBraces(TeeType tee) throws Exception {
        var signer = jdk(INTEL.tcbSignerDraft().der());
        for (String json : List.of(
                INTEL.tcbInfo(tee).json(),
                INTEL.qeIdentity(tee).json(),
                INTEL.tcbInfoVersion2().json())) {
            int begin = json.indexOf('{', 1);
            int end = json.lastIndexOf(",\"signature\"");
            Bytes signature =
                    Bytes.copyOf(HexFormat.of().parseHex(json.substring(json.length() - 130, json.length() - 2)));
            assertTrue(verifies(signer.getPublicKey(), Bytes.utf8(json.substring(begin, end)), signature));
        }
    }

    @Test
    void theVerifiersOwnReadersTakeThem() throws MalformedDerException {
        for (PckCa ca : PckCa.values()) {
            assertEquals(
                    "Intel SGX PCK Certificate",
                    Certificate.parse(INTEL.pckDraft(ca).der()).subjectCommonName());
            var list = RevocationList.parse(
                    INTEL.pckCrlDraft(ca).revoking(INTEL.pckSerial(ca)).der());
            assertTrue(list.revokedSerials().contains(INTEL.pckSerial(ca)));
            assertTrue(list.number().isPresent());
        }
    }

    @Test
    void aForeignIntelHasTheSameNamesAndSerialsButNotTheKeys() throws MalformedDerException {
        var ours = Certificate.parse(INTEL.root());
        var foreign = Certificate.parse(SoftwareIntels.foreign().root());
        assertEquals(ours.subject(), foreign.subject());
        assertEquals(ours.serial(), foreign.serial());
        assertNotEquals(ours.subjectPublicKeyInfo(), foreign.subjectPublicKeyInfo());
    }

    @Test
    void theAnchorFileNamesTheRootForItsOneRole() {
        var anchors = SoftwareAmds.anchors().of(AnchorRole.INTEL_ROOT);
        assertEquals(1, anchors.size());
        assertEquals("", anchors.getFirst().variant());
        assertEquals(INTEL.root(), anchors.getFirst().certificate().der());
    }

    @Test
    void theSameQuoteIsTheSameBytesEveryTime() {
        assertEquals(
                INTEL.quote(QuoteForm.TDX_V4, PckCa.PLATFORM, q -> q),
                INTEL.quote(QuoteForm.TDX_V4, PckCa.PLATFORM, q -> q));
        assertEquals(
                INTEL.tcbInfo(TeeType.TDX).json(), INTEL.tcbInfo(TeeType.TDX).json());
    }

    @Test
    void aFreshIntelSharesNoKeyWithAnyOther() throws Exception {
        var fresh = SoftwareIntel.fresh(new SecureRandom(), SoftwareAmds.AS_OF);
        assertNotEquals(jdk(INTEL.root()).getPublicKey(), jdk(fresh.root()).getPublicKey());
        jdk(fresh.tcbSignerDraft().der()).verify(jdk(fresh.root()).getPublicKey());
    }

    @Test
    void aFieldOfTheWrongLengthIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> INTEL.quote(QuoteForm.TDX_V4, PckCa.PLATFORM, q -> q.td(TdField.MRTD, Bytes.zeros(47))));
    }

    private static X509Certificate jdk(Bytes der) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der.toByteArray()));
    }

    private static X509CRL list(Bytes der) throws Exception {
        return (X509CRL)
                CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der.toByteArray()));
    }

    private static PublicKey point(Bytes raw) throws Exception {
        // SubjectPublicKeyInfo of a point on P-256, up to the point: RFC 5480, section 2.
        Bytes prefix = Bytes.fromHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");
        return java.security.KeyFactory.getInstance("EC")
                .generatePublic(new java.security.spec.X509EncodedKeySpec(
                        Bytes.concat(prefix, raw).toByteArray()));
    }

    private static boolean verifies(PublicKey key, Bytes message, Bytes raw) throws Exception {
        var verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
        verifier.initVerify(key);
        verifier.update(message.toByteArray());
        return verifier.verify(raw.toByteArray());
    }

    @Test
    void chainsAreTextOfOneBlockACertificate() {
        assertEquals(3, INTEL.pckChain(PckCa.PLATFORM).split("BEGIN", -1).length - 1);
        assertTrue(StandardCharsets.US_ASCII.newEncoder().canEncode(INTEL.signerChain()));
    }
}
