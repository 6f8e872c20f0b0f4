package io.countersign.service.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.insecure.Pem;
import io.countersign.proof.RedisProcess;
import io.countersign.service.api.problem.CountersignException;
import io.countersign.verifier.bytes.Bytes;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rediss://} believes a Redis that shows a trusted certificate for the host it was called by, and no other. */
class RedisTlsTest {
    private final Path folder;

    private int tlsPort;

    RedisTlsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void trustedCertificateForThisHostIsBelieved() throws Exception {
        X509Certificate certificate = certificate("127.0.0.1");
        try (var _ = redis();
                var store = store(Optional.of(trusting(certificate)))) {
            assertEquals(Optional.empty(), store.state().trouble());
            assertEquals(Epoch.LENGTH, store.epoch().tag().length());
        }
    }

    @Test
    void trustedCertificateForAnotherHostIsNot() throws Exception {
        X509Certificate certificate = certificate("127.0.0.2");
        try (var _ = redis();
                var store = store(Optional.of(trusting(certificate)))) {
            refused(store);
        }
    }

    @Test
    void certificateThatTheJvmDoesNotTrustIsNot() throws Exception {
        certificate("127.0.0.1");
        try (var _ = redis();
                var store = store(Optional.empty())) {
            refused(store);
        }
    }

    private static void refused(RedisStore store) {
        assertThrows(CountersignException.class, store::epoch);
        String trouble = store.state().trouble().orElse("");
        assertTrue(trouble.contains("cannot be reached"), trouble);
        assertTrue(trouble.contains("certif") || trouble.contains("subject alternative"), trouble);
    }

    private RedisProcess redis() throws Exception {
        tlsPort = RedisProcess.freePort();
        return RedisProcess.start(
                "--tls-port",
                Integer.toString(tlsPort),
                "--tls-cert-file",
                folder.resolve("certificate.pem").toString(),
                "--tls-key-file",
                folder.resolve("key.pem").toString(),
                "--tls-auth-clients",
                "no");
    }

    private RedisStore store(Optional<SSLSocketFactory> trust) {
        return RedisStore.start(
                RedisAddress.parse("rediss://127.0.0.1:" + tlsPort),
                Duration.ofSeconds(5),
                "test:",
                InstantSource.system(),
                new SecureRandom(),
                trust);
    }

    /** Makes one, and leaves it and its key as files. */
    private X509Certificate certificate(String address) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair key = generator.generateKeyPair();
        var name = new X500Name("CN=redis");
        Instant now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
                name,
                BigInteger.ONE,
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(Duration.ofHours(1))),
                name,
                key.getPublic());
        builder.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.iPAddress, address)));
        X509Certificate made = new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
        Files.writeString(folder.resolve("certificate.pem"), Pem.certificate(Bytes.copyOf(made.getEncoded())));
        Files.writeString(
                folder.resolve("key.pem"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(key.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        return made;
    }

    private static SSLSocketFactory trusting(X509Certificate certificate) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("redis", certificate);
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context.getSocketFactory();
    }
}
