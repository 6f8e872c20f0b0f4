package io.countersign.verifier.trust;

import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.TBSCertificate;

/**
 * An X.509 certificate read strictly: canonical DER, nothing after it, inner and outer signature algorithm equal byte for
 * byte, no extension twice (RFC 5280, section 4). Reading one trusts nothing in it.
 */
public final class Certificate {
    /** No certificate of a vendor we know comes near this size. */
    public static final int MAX_LENGTH = 16 * 1024;

    /** [0] EXPLICIT. */
    private static final int VERSION_TAG = 0xA0;

    private final Bytes der;
    private final Bytes fingerprint;
    private final Bytes tbs;
    private final Bytes signatureAlgorithm;
    private final Bytes innerAlgorithm;
    private final Bytes signature;
    private final Bytes issuer;
    private final Bytes subject;
    private final String subjectCommonName;
    private final BigInteger serial;
    private final Window window;
    private final Bytes subjectPublicKeyInfo;
    private final Optional<Extensions> extensions;

    private Certificate(Bytes der, org.bouncycastle.asn1.x509.Certificate parsed) {
        TBSCertificate inner = parsed.getTBSCertificate();
        this.der = der;
        this.fingerprint = der.sha256();
        List<Bytes> outerParts = DerTree.parts(der);
        this.tbs = outerParts.get(0);
        this.signatureAlgorithm = outerParts.get(1);
        this.signature = Bytes.copyOf(parsed.getSignature().getOctets());
        List<Bytes> parts = DerTree.parts(tbs);
        // RFC 5280, section 4.1: the version is absent in the oldest certificates.
        int first = parts.get(0).u8(0) == VERSION_TAG ? 1 : 0;
        this.innerAlgorithm = parts.get(first + 1);
        this.issuer = parts.get(first + 2);
        this.subject = parts.get(first + 4);
        this.subjectCommonName = commonName(parsed.getSubject());
        this.serial = parsed.getSerialNumber().getValue();
        this.window = new Window(
                parsed.getStartDate().getDate().toInstant(),
                parsed.getEndDate().getDate().toInstant());
        this.subjectPublicKeyInfo = parts.get(first + 5);
        this.extensions = Optional.ofNullable(inner.getExtensions());
    }

    public static Certificate parse(Bytes der) throws MalformedDerException {
        if (der.length() > MAX_LENGTH) {
            throw new MalformedDerException("a certificate of %d bytes is longer than the %d that are read"
                    .formatted(der.length(), MAX_LENGTH));
        }
        try {
            var parsed =
                    org.bouncycastle.asn1.x509.Certificate.getInstance(ASN1Primitive.fromByteArray(der.toByteArray()));
            if (!Der.of(parsed).equals(der)) {
                throw new MalformedDerException("the certificate is not canonical DER");
            }
            var certificate = new Certificate(der, parsed);
            if (!certificate.innerAlgorithm.equals(certificate.signatureAlgorithm)) {
                throw new MalformedDerException("inner and outer signature algorithm differ");
            }
            return certificate;
        } catch (IOException | RuntimeException e) {
            throw new MalformedDerException("not an X.509 certificate in DER");
        }
    }

    private static String commonName(X500Name name) {
        var names = name.getRDNs(BCStyle.CN);
        return names.length == 1 ? names[0].getFirst().getValue().toString() : "";
    }

    public Bytes der() {
        return der;
    }

    /** SHA-256 of the DER bytes. */
    public Bytes fingerprint() {
        return fingerprint;
    }

    public Bytes tbs() {
        return tbs;
    }

    /** The DER of the AlgorithmIdentifier, parameters included. */
    public Bytes signatureAlgorithm() {
        return signatureAlgorithm;
    }

    public Bytes signature() {
        return signature;
    }

    /** The issuer's name as received: compare these bytes, never a rendering of them. */
    public Bytes issuer() {
        return issuer;
    }

    public Bytes subject() {
        return subject;
    }

    /** The subject's only common name, or the empty text when there is none or more than one. */
    public String subjectCommonName() {
        return subjectCommonName;
    }

    public BigInteger serial() {
        return serial;
    }

    public Window window() {
        return window;
    }

    public Bytes subjectPublicKeyInfo() {
        return subjectPublicKeyInfo;
    }

    /** The bytes inside the extension's OCTET STRING: what they hold differs by extension. */
    public Optional<Bytes> extension(String oid) {
        return extensions
                .map(all -> all.getExtension(new ASN1ObjectIdentifier(oid)))
                .map(extension -> Bytes.copyOf(extension.getExtnValue().getOctets()));
    }

    /** Whoever does not know all of these must not rely on the certificate: RFC 5280, section 4.2. */
    public List<String> criticalExtensions() {
        return extensions
                .map(all -> Stream.of(all.getCriticalExtensionOIDs())
                        .map(ASN1ObjectIdentifier::getId)
                        .toList())
                .orElse(List.of());
    }

    /** Whether basicConstraints says that this is a certificate authority. */
    public boolean saysCertificateAuthority() {
        return extensions
                .map(all -> {
                    try {
                        var constraints = org.bouncycastle.asn1.x509.BasicConstraints.fromExtensions(all);
                        return constraints != null && constraints.isCA();
                    } catch (RuntimeException _) {
                        // Constraints that cannot be read may well say so: the cautious answer for a leaf.
                        return true;
                    }
                })
                .orElse(false);
    }

    /** Canonical encodings through Bouncy Castle. */
    static final class Der {
        private Der() {}

        static Bytes of(ASN1Encodable value) throws IOException {
            return Bytes.copyOf(value.toASN1Primitive().getEncoded("DER"));
        }
    }
}
