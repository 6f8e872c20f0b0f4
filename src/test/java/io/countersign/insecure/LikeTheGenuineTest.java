package io.countersign.insecure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.countersign.testkit.SoftwareAmds;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.SnpTcb;
import io.countersign.verifier.tee.snp.VekKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.Extension;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compares what the software AMD makes with captures of what AMD made, except for keys and signatures. */
class LikeTheGenuineTest {
    private static final Set<ASN1ObjectIdentifier> KEY_IDENTIFIERS =
            Set.of(Extension.subjectKeyIdentifier, Extension.authorityKeyIdentifier);

    @ParameterizedTest
    @EnumSource(Product.class)
    void rootsAndIntermediatesDifferFromAmdsInKeysOnly(Product product) throws IOException {
        var amd = SoftwareAmds.of(product);
        String name = product.name().toLowerCase(Locale.ROOT);
        assertEquals(outline(genuine("anchors/ark-" + name + ".der")), outline(amd.ark()));
        assertEquals(outline(genuine("anchors/ask-" + name + ".der")), outline(amd.ask()));
        assertEquals(outline(genuine("anchors/asvk-" + name + ".der")), outline(amd.asvk()));
    }

    @Test
    void leavesDifferFromAmdsInKeyWindowAndChipOnly() throws IOException {
        assertEquals(
                leafOutline(genuine("tav-milan.vcek.der")),
                leafOutline(SoftwareAmds.of(Product.MILAN).vcek()));
        assertEquals(
                leafOutline(genuine("tav-genoa.vcek.der")),
                leafOutline(SoftwareAmds.of(Product.GENOA).vcek()));
        assertEquals(
                leafOutline(genuine("tav-turin.vcek.der")),
                leafOutline(SoftwareAmds.of(Product.TURIN).vcek()));
    }

    @Test
    void theVlekDiffersFromAmdsInKeyWindowAndProviderOnly() throws IOException {
        var amd = SoftwareAmds.of(Product.MILAN);
        var tcb = new SnpTcb.Classic(4, 0, 24, 0xD9, Bytes.zeros(4));
        assertEquals(
                leafOutline(genuine("coco-vlek.vlek.der")),
                leafOutline(amd.vekDraft(VekKind.VLEK, tcb)
                        .replacing(AmdNames.CSP_ID, AmdExtensions.text("CN=cc-us-east-2.amazonaws.com"))
                        .der()));
    }

    @Test
    void theTrailerFieldCanBeWrittenAsInOlderLeaves() throws IOException {
        var old = SoftwareAmds.of(Product.MILAN)
                .vekDraft(VekKind.VCEK)
                .signature(RsaSignature.AMD_TRAILER_WRITTEN)
                .der();
        assertEquals(
                certificate(genuine("gosev-milan.vcek.der")).getSignatureAlgorithm(),
                certificate(old).getSignatureAlgorithm());
    }

    private static Bytes genuine(String name) throws IOException {
        Path file = Path.of(System.getProperty("countersign.evidence", "../shared/evidence"), "sev-snp", name);
        Assumptions.assumeTrue(Files.exists(file), "the genuine capture " + file + " is not on this machine");
        return Bytes.copyOf(Files.readAllBytes(file));
    }

    private static Certificate certificate(Bytes der) {
        return Certificate.getInstance(der.toByteArray());
    }

    /** Every part of a certificate in DER hex, but for the key, the signature and what names a key. */
    private static List<String> outline(Bytes der) throws IOException {
        var tbs = certificate(der).getTBSCertificate();
        var outline = new ArrayList<>(leafOutline(der));
        outline.add(hex(tbs.getValidity().toASN1Primitive().getEncoded()));
        return outline;
    }

    private static List<String> leafOutline(Bytes der) throws IOException {
        var certificate = certificate(der);
        var tbs = certificate.getTBSCertificate();
        var outline = new ArrayList<String>();
        outline.add(hex(certificate.getSignatureAlgorithm().getEncoded()));
        outline.add("serial " + tbs.getSerialNumber());
        outline.add(hex(tbs.getIssuer().getEncoded()));
        outline.add(hex(tbs.getSubject().getEncoded()));
        outline.add(hex(tbs.getSubjectPublicKeyInfo().getAlgorithm().getEncoded()));
        outline.add("key of " + tbs.getSubjectPublicKeyInfo().getPublicKeyData().getBytes().length);
        for (ASN1ObjectIdentifier oid : tbs.getExtensions().getExtensionOIDs()) {
            var extension = tbs.getExtensions().getExtension(oid);
            byte[] value = extension.getExtnValue().getOctets();
            boolean differs = KEY_IDENTIFIERS.contains(oid) || oid.getId().equals(AmdNames.HARDWARE_ID);
            outline.add("%s %s %s"
                    .formatted(
                            oid,
                            extension.isCritical() ? "critical" : "not critical",
                            differs ? "of " + value.length : hex(value)));
        }
        return outline;
    }

    private static String hex(byte[] bytes) {
        return Bytes.copyOf(bytes).toString();
    }
}
