package io.countersign.insecure;

import io.countersign.insecure.SoftwareCertificate.Criticality;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DERIA5String;
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

/** The extensions that Intel puts into each kind of certificate, in Intel's order. */
public final class IntelExtensions {
    private IntelExtensions() {}

    static SoftwareCertificate authority(SoftwareCertificate draft, P256Key own, P256Key issuer, int pathLength) {
        return identified(draft, own, issuer, IntelNames.ROOT_CRL_ADDRESS)
                .with(Extension.keyUsage.getId(), Criticality.CRITICAL, usageOfAuthorities())
                .with(Extension.basicConstraints.getId(), Criticality.CRITICAL, authorityWithPathLength(pathLength));
    }

    static SoftwareCertificate endEntity(SoftwareCertificate draft, P256Key own, P256Key issuer, String crlAddress) {
        return identified(draft, own, issuer, crlAddress)
                .with(
                        Extension.keyUsage.getId(),
                        Criticality.CRITICAL,
                        der(new KeyUsage(KeyUsage.digitalSignature | KeyUsage.nonRepudiation)))
                .with(Extension.basicConstraints.getId(), Criticality.CRITICAL, der(new BasicConstraints(false)));
    }

    private static SoftwareCertificate identified(
            SoftwareCertificate draft, P256Key own, P256Key issuer, String crlAddress) {
        return draft.with(
                        Extension.authorityKeyIdentifier.getId(),
                        der(new AuthorityKeyIdentifier(issuer.identifierOfKey().toByteArray())))
                .with(Extension.cRLDistributionPoints.getId(), distributionPoint(crlAddress))
                .with(
                        Extension.subjectKeyIdentifier.getId(),
                        der(new SubjectKeyIdentifier(own.identifierOfKey().toByteArray())));
    }

    /** keyUsage keyCertSign and cRLSign. */
    public static Bytes usageOfAuthorities() {
        return der(new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    }

    /** basicConstraints of an authority. */
    public static Bytes authorityWithPathLength(int pathLength) {
        return der(new BasicConstraints(pathLength));
    }

    private static Bytes distributionPoint(String address) {
        var name = new GeneralName(GeneralName.uniformResourceIdentifier, new DERIA5String(address));
        return der(new CRLDistPoint(new DistributionPoint[] {
            new DistributionPoint(new DistributionPointName(new GeneralNames(name)), null, null)
        }));
    }

    private static Bytes der(ASN1Encodable value) {
        try {
            return Bytes.copyOf(value.toASN1Primitive().getEncoded("DER"));
        } catch (IOException e) {
            throw new IllegalStateException("a value in memory can always be encoded", e);
        }
    }
}
