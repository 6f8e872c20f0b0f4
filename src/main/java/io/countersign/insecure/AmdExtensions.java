package io.countersign.insecure;

import io.countersign.insecure.SoftwareCertificate.Criticality;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.SnpTcb;
import io.countersign.verifier.tee.snp.VekKind;
import java.io.IOException;
import java.math.BigInteger;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;

/** The extensions that AMD puts into each kind of certificate, in AMD's order. */
public final class AmdExtensions {
    private static final String LABORATORY_CSP = "CN=laboratory.invalid";

    /** KeyUsage keyCertSign as AMD writes it: with one unused bit where DER would say two. */
    private static final Bytes KEY_CERT_SIGN = Bytes.fromHex("03020104");

    private AmdExtensions() {}

    static SoftwareCertificate ark(SoftwareCertificate draft, Product product, RsaKey own) {
        return draft.with(
                        Extension.keyUsage.getId(),
                        Criticality.CRITICAL,
                        der(new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign)))
                .with(Extension.subjectKeyIdentifier.getId(), der(new SubjectKeyIdentifier(keyIdentifier(own))))
                .with(Extension.basicConstraints.getId(), Criticality.CRITICAL, der(new BasicConstraints(true)))
                .with(Extension.cRLDistributionPoints.getId(), crlAddress(product, VekKind.VCEK));
    }

    static SoftwareCertificate intermediate(
            SoftwareCertificate draft, Product product, VekKind kind, RsaKey own, RsaKey issuer) {
        return draft.with(Extension.subjectKeyIdentifier.getId(), der(new SubjectKeyIdentifier(keyIdentifier(own))))
                .with(Extension.authorityKeyIdentifier.getId(), der(new AuthorityKeyIdentifier(keyIdentifier(issuer))))
                .with(Extension.basicConstraints.getId(), Criticality.CRITICAL, der(new BasicConstraints(0)))
                .with(Extension.keyUsage.getId(), Criticality.CRITICAL, KEY_CERT_SIGN)
                .with(Extension.cRLDistributionPoints.getId(), crlAddress(product, kind));
    }

    /** AMD 57230, table of VCEK extensions; Turin has the struct version 1 with fmcSPL in place of spl4. */
    static SoftwareCertificate vek(SoftwareCertificate draft, Product product, VekKind kind, SnpTcb tcb, Bytes chipId) {
        draft.with(AmdNames.STRUCT_VERSION, integer(product == Product.TURIN ? 1 : 0))
                .with(AmdNames.PRODUCT_NAME, text(AmdNames.productName(product, kind)));
        switch (tcb) {
            case SnpTcb.Classic classic ->
                draft.with(AmdNames.BOOTLOADER, integer(classic.bootloader()))
                        .with(AmdNames.TEE, integer(classic.tee()))
                        .with(AmdNames.SPL_4, integer(0))
                        .with(AmdNames.SPL_5, integer(0))
                        .with(AmdNames.SPL_6, integer(0))
                        .with(AmdNames.SPL_7, integer(0))
                        .with(AmdNames.SNP, integer(classic.snp()));
            case SnpTcb.WithFmc turin ->
                draft.with(AmdNames.FMC, integer(turin.fmcLevel()))
                        .with(AmdNames.BOOTLOADER, integer(turin.bootloader()))
                        .with(AmdNames.TEE, integer(turin.tee()))
                        .with(AmdNames.SNP, integer(turin.snp()))
                        .with(AmdNames.SPL_5, integer(0))
                        .with(AmdNames.SPL_6, integer(0))
                        .with(AmdNames.SPL_7, integer(0));
        }
        draft.with(AmdNames.MICROCODE, integer(tcb.microcode()));
        return switch (kind) {
            case VCEK -> draft.with(AmdNames.HARDWARE_ID, chipId.slice(0, product.hardwareIdLength()));
            case VLEK -> draft.with(AmdNames.CSP_ID, text(LABORATORY_CSP));
        };
    }

    /** A DER INTEGER, as the TCB extensions hold it. */
    public static Bytes integer(int value) {
        return der(new ASN1Integer(BigInteger.valueOf(value)));
    }

    /** A DER IA5String, as productName1 and cspID hold it. */
    public static Bytes text(String value) {
        return der(new DERIA5String(value));
    }

    /** A DER OCTET STRING, as some of AMD's tools announced the hwID. */
    public static Bytes octets(Bytes value) {
        return der(new DEROctetString(value.toByteArray()));
    }

    private static Bytes crlAddress(Product product, VekKind kind) {
        var name = new GeneralName(
                GeneralName.uniformResourceIdentifier, new DERIA5String(AmdNames.crlAddress(product, kind)));
        return der(new CRLDistPoint(new DistributionPoint[] {
            new DistributionPoint(new DistributionPointName(new GeneralNames(name)), null, null)
        }));
    }

    /** RFC 5280, section 4.2.1.2, method 1, without its SHA-1: twenty bytes of SHA-256 name a key as well. */
    private static byte[] keyIdentifier(RsaKey key) {
        return Bytes.copyOf(key.publicKey().getPublicKeyData().getBytes())
                .sha256()
                .slice(0, 20)
                .toByteArray();
    }

    private static Bytes der(ASN1Encodable value) {
        try {
            return Bytes.copyOf(value.toASN1Primitive().getEncoded("DER"));
        } catch (IOException e) {
            throw new IllegalStateException("a value in memory can always be encoded", e);
        }
    }
}
