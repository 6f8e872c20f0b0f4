package io.countersign.verifier.tee.nvgpu.rim;

import io.countersign.verifier.bytes.Bytes;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A root of reference values, an authority of one family, an issuer and a signer, as NVIDIA names them. */
final class SoftwareRimPki {
    private final KeyPair rootKey = key();
    private final KeyPair authorityKey = key();
    private final KeyPair issuerKey = key();
    private final KeyPair leafKey = key();
    private final Bytes root;
    private final Bytes authority;
    private final Bytes issuer;
    private final Bytes leaf;
    private final String issuerName;

    /** A chain whose authority and issuer bear these common names. */
    SoftwareRimPki(String authorityName, String issuerName) {
        String rootName = "NVIDIA CoRIM signing Root CA";
        this.issuerName = issuerName;
        root = certificate(rootName, rootKey, rootName, rootKey, true);
        authority = certificate(authorityName, authorityKey, rootName, rootKey, true);
        issuer = certificate(issuerName, issuerKey, authorityName, authorityKey, true);
        leaf = certificate("HCC RIM L4 Signer", leafKey, issuerName, issuerKey, false);
    }

    Bytes root() {
        return root;
    }

    Bytes leaf() {
        return leaf;
    }

    List<Bytes> chain() {
        return List.of(leaf, issuer, authority, root);
    }

    PrivateKey leafKey() {
        return leafKey.getPrivate();
    }

    PublicKey leafPublicKey() {
        return leafKey.getPublic();
    }

    /** Another signer under the same issuer. */
    List<Bytes> chainOf(KeyPair other) {
        return List.of(certificate("RIM L4 Signer", other, issuerName, issuerKey, false), issuer, authority, root);
    }

    static KeyPair key() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp384r1"));
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Bytes certificate(
            String subject, KeyPair subjectKey, String issuer, KeyPair issuerKey, boolean authority) {
        try {
            var tools = new JcaX509ExtensionUtils();
            var builder = new JcaX509v3CertificateBuilder(
                    name(issuer),
                    BigInteger.valueOf(subject.hashCode() & 0xFFFFL).add(BigInteger.ONE),
                    Date.from(Instant.parse("2026-01-01T00:00:00Z")),
                    Date.from(Instant.parse("2036-01-01T00:00:00Z")),
                    name(subject),
                    subjectKey.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(authority ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, tools.createSubjectKeyIdentifier(subjectKey.getPublic()));
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, tools.createAuthorityKeyIdentifier(issuerKey.getPublic()));
            return Bytes.copyOf(
                    builder.build(new JcaContentSignerBuilder("SHA384withECDSA").build(issuerKey.getPrivate()))
                            .getEncoded());
        } catch (Exception e) {
            throw new AssertionError("the certificate could not be made", e);
        }
    }

    private static X500Name name(String commonName) {
        return new X500Name("C=US,O=NVIDIA,CN=" + commonName);
    }
}
