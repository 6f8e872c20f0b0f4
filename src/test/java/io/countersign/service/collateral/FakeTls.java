package io.countersign.service.collateral;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates for servers of tests; their windows are by the real clock, as TLS reads it. */
final class FakeTls {
    private static final char[] PASSWORD = "unused".toCharArray();

    private FakeTls() {}

    /** As a PCCS makes it for itself when it is installed: a common name, and no address. */
    static X509Certificate selfSigned(String name, KeyPair key, Duration life) {
        return sign(builder(name, name, key, life), key);
    }

    static X509Certificate authority(String name, KeyPair key) {
        try {
            var builder = builder(name, name, key, Duration.ofDays(365));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            return sign(builder, key);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static X509Certificate issued(String address, KeyPair key, String issuer, KeyPair issuerKey) {
        try {
            var builder = builder("server", issuer, key, Duration.ofDays(365));
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.iPAddress, address)));
            return sign(builder, issuerKey);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JcaX509v3CertificateBuilder builder(String name, String issuer, KeyPair key, Duration life) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                new X500Name("CN=" + issuer),
                BigInteger.valueOf(System.nanoTime()),
                Date.from(now.minus(Duration.ofDays(2))),
                Date.from(now.plus(life)),
                new X500Name("CN=" + name),
                key.getPublic());
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, KeyPair key) {
        try {
            var signer = new JcaContentSignerBuilder("SHA384withECDSA").build(key.getPrivate());
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static SSLContext server(KeyPair key, X509Certificate... chain) {
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setKeyEntry("server", key.getPrivate(), PASSWORD, chain);
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD);
            var context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String pem(X509Certificate... certificates) {
        return Stream.of(certificates).map(FakeTls::pem).collect(Collectors.joining());
    }

    private static String pem(X509Certificate certificate) {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
