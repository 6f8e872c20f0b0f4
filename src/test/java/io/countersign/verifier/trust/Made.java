package io.countersign.verifier.trust;

import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates and revocation lists made for tests of the readers. */
final class Made {
    static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
    static final Instant UNTIL = Instant.parse("2027-01-01T00:00:00Z");
    static final KeyPair KEY = key();
    static final String OID = "1.2.3.4";

    private Made() {}

    static Bytes certificate(boolean authority) {
        try {
            var name = new X500Name("C=US,CN=Someone");
            var builder = new X509v3CertificateBuilder(
                    name,
                    BigInteger.valueOf(5),
                    Date.from(FROM),
                    Date.from(UNTIL),
                    name,
                    SubjectPublicKeyInfo.getInstance(KEY.getPublic().getEncoded()));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            builder.addExtension(new ASN1ObjectIdentifier(OID), false, new byte[] {1, 2, 3});
            return Bytes.copyOf(builder.build(new JcaContentSignerBuilder("SHA384withECDSA").build(KEY.getPrivate()))
                    .getEncoded());
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    static Bytes list(Optional<Instant> nextUpdate, List<Long> serials, Optional<String> criticalExtension) {
        try {
            var builder = new X509v2CRLBuilder(new X500Name("C=US,CN=Someone"), Date.from(FROM));
            nextUpdate.ifPresent(end -> builder.setNextUpdate(Date.from(end)));
            serials.forEach(serial -> builder.addCRLEntry(BigInteger.valueOf(serial), Date.from(FROM), 1));
            builder.addExtension(Extension.cRLNumber, false, new org.bouncycastle.asn1.x509.CRLNumber(BigInteger.TEN));
            if (criticalExtension.isPresent()) {
                builder.addExtension(new ASN1ObjectIdentifier(criticalExtension.get()), true, new byte[] {0x30, 0});
            }
            return Bytes.copyOf(builder.build(new JcaContentSignerBuilder("SHA384withECDSA").build(KEY.getPrivate()))
                    .getEncoded());
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair key() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp384r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
