package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.Window;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.function.Function;
import org.bouncycastle.asn1.ASN1Boolean;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERGeneralizedTime;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;

/**
 * A certificate being made, signed by whoever is named at the end. It starts out as its vendor would issue it; each method makes
 * one thing different. Nothing is checked: making what nobody should accept is its purpose.
 */
public final class SoftwareCertificate {
    private record Extension(String oid, Criticality criticality, Bytes value) {}

    /** Whether who does not know an extension must refuse the certificate. */
    public enum Criticality {
        CRITICAL,
        NOT_CRITICAL
    }

    private final List<Extension> extensions = new ArrayList<>();
    private String subject;
    private String issuer;
    private BigInteger serial;
    private Window window;
    private SubjectPublicKeyInfo key;
    private final Function<String, X500Name> names;
    private RsaSignature scheme = RsaSignature.AMD_TRAILER_WRITTEN;
    private IssuingKey signer;
    private AlgorithmIdentifier namedInside;
    private Function<Date, Time> timeForm = Time::new;

    /** A certificate of AMD's. */
    SoftwareCertificate(
            String subject,
            String issuer,
            long serial,
            Window window,
            SubjectPublicKeyInfo key,
            RsaKey signer,
            RsaSignature scheme) {
        this(AmdNames::name, subject, issuer, BigInteger.valueOf(serial), window, key, new RsaIssuer(signer, scheme));
        this.scheme = scheme;
    }

    /**
     * A certificate of any vendor's.
     *
     * @param names makes the whole name from a common name
     */
    SoftwareCertificate(
            Function<String, X500Name> names,
            String subject,
            String issuer,
            BigInteger serial,
            Window window,
            SubjectPublicKeyInfo key,
            IssuingKey signer) {
        this.names = names;
        this.subject = subject;
        this.issuer = issuer;
        this.serial = serial;
        this.window = window;
        this.key = key;
        this.signer = signer;
        this.namedInside = signer.identifier();
    }

    /** Another common name in the vendor's subject. */
    public SoftwareCertificate subject(String commonName) {
        subject = commonName;
        return this;
    }

    /** Another common name in the vendor's issuer; the signer stays. */
    public SoftwareCertificate issuer(String commonName) {
        issuer = commonName;
        return this;
    }

    public SoftwareCertificate serial(long number) {
        return serial(BigInteger.valueOf(number));
    }

    public SoftwareCertificate serial(BigInteger number) {
        serial = number;
        return this;
    }

    public SoftwareCertificate validFrom(Instant notBefore) {
        window = new Window(notBefore, window.notAfter());
        return this;
    }

    public SoftwareCertificate validUntil(Instant notAfter) {
        window = new Window(window.notBefore(), notAfter);
        return this;
    }

    public SoftwareCertificate key(ReportKey reportKey) {
        key = reportKey.publicKey();
        return this;
    }

    public SoftwareCertificate key(RsaKey rsaKey) {
        key = rsaKey.publicKey();
        return this;
    }

    public SoftwareCertificate key(P256Key p256Key) {
        key = p256Key.publicKey();
        return this;
    }

    public SoftwareCertificate key(NvidiaKey nvidiaKey) {
        key = nvidiaKey.publicKey();
        return this;
    }

    /** A key of any kind, well-formed or not. */
    public SoftwareCertificate key(SubjectPublicKeyInfo other) {
        key = other;
        return this;
    }

    /** Both times as GeneralizedTime, before 2050 too, which RFC 5280, section 4.1.2.5, forbids and NVIDIA does. */
    public SoftwareCertificate generalizedTimes() {
        timeForm = date -> new Time(new DERGeneralizedTime(date));
        return this;
    }

    /** Another signer; the issuer's name stays. */
    public SoftwareCertificate signedBy(RsaKey other) {
        signer = new RsaIssuer(other, scheme);
        return this;
    }

    /** Another signer of any kind; the issuer's name stays. */
    public SoftwareCertificate signedBy(IssuingKey other) {
        signer = other;
        namedInside = other.identifier();
        return this;
    }

    public SoftwareCertificate signature(RsaSignature algorithm) {
        scheme = algorithm;
        signer = signer.by(algorithm);
        namedInside = algorithm.identifier();
        return this;
    }

    /** The signed part names another algorithm than the outer one. */
    public SoftwareCertificate algorithmNamedInside(RsaSignature algorithm) {
        namedInside = algorithm.identifier();
        return this;
    }

    /** Adds an extension after the others, also a second time. */
    public SoftwareCertificate with(String oid, Criticality criticality, Bytes value) {
        extensions.add(new Extension(oid, criticality, value));
        return this;
    }

    public SoftwareCertificate with(String oid, Bytes value) {
        return with(oid, Criticality.NOT_CRITICAL, value);
    }

    /** The bytes inside the extension's OCTET STRING become these. */
    public SoftwareCertificate replacing(String oid, Bytes value) {
        extensions.replaceAll(
                extension -> extension.oid.equals(oid) ? new Extension(oid, extension.criticality, value) : extension);
        return this;
    }

    public SoftwareCertificate without(String oid) {
        extensions.removeIf(extension -> extension.oid.equals(oid));
        return this;
    }

    /** Repeats the extension right at the end. */
    public SoftwareCertificate twice(String oid) {
        List.copyOf(extensions).stream()
                .filter(extension -> extension.oid.equals(oid))
                .forEach(extensions::add);
        return this;
    }

    /** basicConstraints that say "I am a certificate authority". */
    public SoftwareCertificate certificateAuthority() {
        return with(
                org.bouncycastle.asn1.x509.Extension.basicConstraints.getId(),
                Criticality.CRITICAL,
                Bytes.fromHex("30030101ff"));
    }

    /** The certificate in DER. */
    public Bytes der() {
        try {
            var tbs = new DERSequence(signedPart());
            Bytes signed = signer.sign(Bytes.copyOf(tbs.getEncoded("DER")));
            var parts = new ASN1EncodableVector();
            parts.add(tbs);
            parts.add(signer.identifier());
            parts.add(new DERBitString(signed.toByteArray()));
            return Bytes.copyOf(new DERSequence(parts).getEncoded("DER"));
        } catch (IOException e) {
            throw new IllegalStateException("a certificate in memory can always be encoded", e);
        }
    }

    /** TBSCertificate, RFC 5280, section 4.1. */
    private ASN1EncodableVector signedPart() {
        var tbs = new ASN1EncodableVector();
        tbs.add(new DERTaggedObject(true, 0, new ASN1Integer(2)));
        tbs.add(new ASN1Integer(serial));
        tbs.add(namedInside);
        tbs.add(names.apply(issuer));
        var validity = new ASN1EncodableVector();
        validity.add(timeForm.apply(Date.from(window.notBefore())));
        validity.add(timeForm.apply(Date.from(window.notAfter())));
        tbs.add(new DERSequence(validity));
        tbs.add(names.apply(subject));
        tbs.add(key);
        var all = new ASN1EncodableVector();
        extensions.forEach(extension -> all.add(encoded(extension)));
        tbs.add(new DERTaggedObject(true, 3, new DERSequence(all)));
        return tbs;
    }

    private static DERSequence encoded(Extension extension) {
        var parts = new ASN1EncodableVector();
        parts.add(new ASN1ObjectIdentifier(extension.oid));
        if (extension.criticality == Criticality.CRITICAL) {
            parts.add(ASN1Boolean.TRUE);
        }
        parts.add(new DEROctetString(extension.value.toByteArray()));
        return new DERSequence(parts);
    }
}
