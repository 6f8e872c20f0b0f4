package io.countersign.insecure;

import io.countersign.insecure.SoftwareCertificate.Criticality;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
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

/** The extensions that NVIDIA puts into its certificates, as genuine chains show them. */
public final class NvidiaExtensions {
    private static final int CERTIFICATES_AND_LISTS = KeyUsage.keyCertSign | KeyUsage.cRLSign;

    /** Other names of this type hold vendor, product and serial of a device: DMTF DSP0274, version 1.1, section 10.6. */
    private static final ASN1ObjectIdentifier DEVICE_INFO = new ASN1ObjectIdentifier("1.3.6.1.4.1.412.274.1");

    private NvidiaExtensions() {}

    static SoftwareCertificate authority(SoftwareCertificate draft) {
        return draft.certificateAuthority()
                .with(Extension.keyUsage.getId(), Criticality.CRITICAL, der(new KeyUsage(CERTIFICATES_AND_LISTS)));
    }

    static SoftwareCertificate authority(SoftwareCertificate draft, int pathLength) {
        return draft.with(
                        Extension.basicConstraints.getId(), Criticality.CRITICAL, der(new BasicConstraints(pathLength)))
                .with(Extension.keyUsage.getId(), Criticality.CRITICAL, der(new KeyUsage(CERTIFICATES_AND_LISTS)));
    }

    /** Which key this certificate holds, and which one signed it. */
    static SoftwareCertificate identified(SoftwareCertificate draft, NvidiaKey own, NvidiaKey issuer) {
        return draft.with(
                        Extension.subjectKeyIdentifier.getId(),
                        der(new SubjectKeyIdentifier(own.identifierOfKey().toByteArray())))
                .with(Extension.authorityKeyIdentifier.getId(), authorityKeyIdentifier(issuer.identifierOfKey()));
    }

    public static Bytes authorityKeyIdentifier(Bytes key) {
        return der(new AuthorityKeyIdentifier(key.toByteArray()));
    }

    static SoftwareCertificate revocable(SoftwareCertificate draft, String crlAddress) {
        var name = new GeneralName(GeneralName.uniformResourceIdentifier, new DERIA5String(crlAddress));
        return answered(
                draft.with(Extension.cRLDistributionPoints.getId(), der(new CRLDistPoint(new DistributionPoint[] {
                    new DistributionPoint(new DistributionPointName(new GeneralNames(name)), null, null)
                }))));
    }

    /** Names the OCSP responder. */
    static SoftwareCertificate answered(SoftwareCertificate draft) {
        return draft.with(
                Extension.authorityInfoAccess.getId(),
                der(new AuthorityInformationAccess(
                        AccessDescription.id_ad_ocsp,
                        new GeneralName(
                                GeneralName.uniformResourceIdentifier, new DERIA5String(NvidiaNames.OCSP_ADDRESS)))));
    }

    public static Bytes keyUsage(int bits) {
        return der(new KeyUsage(bits));
    }

    /** basicConstraints of a certificate that says it is no authority. */
    static Bytes noAuthority() {
        return der(new BasicConstraints(false));
    }

    /** The alternative name of a leaf: {@code NVIDIA:GH100:48B02D…}. */
    public static Bytes deviceInfo(String info) {
        return der(new DERSequence(new DERTaggedObject(false, 0, new DERSequence(new ASN1Encodable[] {
            DEVICE_INFO, new DERTaggedObject(true, 0, new DERUTF8String(info))
        }))));
    }

    /** TCG DICE, composite device id: version, key of the firmware's loader, digest of the firmware. */
    public static Bytes compositeDeviceId(NvidiaKey key, ASN1ObjectIdentifier algorithm, Bytes fwid) {
        return der(new DERSequence(new ASN1Encodable[] {new ASN1Integer(1), key.publicKey(), digest(algorithm, fwid)}));
    }

    public static Bytes compositeDeviceId(NvidiaKey key, Bytes fwid) {
        return compositeDeviceId(key, NISTObjectIdentifiers.id_sha384, fwid);
    }

    /** TCG DICE Attestation Architecture, section 6.1.1, with the fields that Blackwell fills. */
    public static Bytes diceTcbInfo(String model, Bytes... fwids) {
        var list = new ASN1EncodableVector();
        for (Bytes fwid : fwids) {
            list.add(digest(NISTObjectIdentifiers.id_sha384, fwid));
        }
        var info = new ASN1EncodableVector();
        info.add(octets(0, Bytes.utf8("NVIDIA")));
        info.add(octets(1, Bytes.utf8(model)));
        info.add(octets(2, Bytes.utf8("01")));
        info.add(octets(3, Bytes.fromHex("01")));
        info.add(octets(4, Bytes.zeros(1)));
        info.add(octets(5, Bytes.zeros(1)));
        info.add(new DERTaggedObject(false, 6, new DERSequence(list)));
        info.add(octets(7, Bytes.fromHex("0080000001")));
        info.add(octets(8, Bytes.fromHex("c0")));
        info.add(octets(9, Bytes.fromHex("00")));
        return der(new DERSequence(info));
    }

    private static DERTaggedObject octets(int tag, Bytes value) {
        return new DERTaggedObject(false, tag, new DEROctetString(value.toByteArray()));
    }

    private static DERSequence digest(ASN1ObjectIdentifier algorithm, Bytes value) {
        return new DERSequence(new ASN1Encodable[] {algorithm, new DEROctetString(value.toByteArray())});
    }

    static Bytes der(ASN1Encodable value) {
        try {
            return Bytes.copyOf(value.toASN1Primitive().getEncoded("DER"));
        } catch (IOException e) {
            throw new IllegalStateException("a value in memory can always be encoded", e);
        }
    }
}
