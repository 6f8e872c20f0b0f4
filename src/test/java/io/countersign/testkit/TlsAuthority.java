package io.countersign.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** An authority of a test's own that signs certificates for TLS. */
public final class TlsAuthority {
    private static final SecureRandom RANDOM = new SecureRandom();
    private final Holder self;

    /** A certificate with its private key. */
    public record Holder(X509Certificate certificate, PrivateKey key) {
        public String certificatePem() {
            return pem(certificate);
        }

        /** PKCS #8, which every TLS software reads. */
        public String keyPem() {
            try {
                return pem(new JcaPKCS8Generator(key, null));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String pem(Object what) {
            var text = new StringWriter();
            try (var writer = new JcaPEMWriter(text)) {
                writer.writeObject(what);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return text.toString();
        }

        /** Writes {@code name.pem} and {@code name.key}. */
        public void write(Path folder, String name) {
            try {
                Files.writeString(folder.resolve(name + ".pem"), certificatePem());
                Files.writeString(folder.resolve(name + ".key"), keyPem());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Reads what was written. */
        public static Holder read(Path folder, String name) {
            try (var parser = new PEMParser(Files.newBufferedReader(folder.resolve(name + ".key")));
                    var in = Files.newInputStream(folder.resolve(name + ".pem"))) {
                var info = (PrivateKeyInfo) parser.readObject();
                return new Holder(
                        (X509Certificate)
                                CertificateFactory.getInstance("X.509").generateCertificate(in),
                        new JcaPEMKeyConverter().getPrivateKey(info));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** What a certificate is to say. */
    public record Wish(
            String subject, List<String> uris, List<String> hosts, Purpose purpose, Instant from, Instant to) {
        public static Wish client(String subject) {
            Instant now = Instant.now();
            return new Wish(
                    subject,
                    List.of(),
                    List.of(),
                    Purpose.CLIENT,
                    now.minus(Duration.ofHours(1)),
                    now.plus(Duration.ofDays(30)));
        }

        public static Wish server() {
            return client("countersign").hosts("localhost").purpose(Purpose.SERVER);
        }

        public Wish uris(String... more) {
            return new Wish(subject, List.of(more), hosts, purpose, from, to);
        }

        public Wish hosts(String... more) {
            return new Wish(subject, uris, List.of(more), purpose, from, to);
        }

        public Wish purpose(Purpose other) {
            return new Wish(subject, uris, hosts, other, from, to);
        }

        public Wish between(Instant begin, Instant end) {
            return new Wish(subject, uris, hosts, purpose, begin, end);
        }
    }

    /** Extended key usage. */
    public enum Purpose {
        CLIENT,
        SERVER
    }

    public TlsAuthority(String name) {
        KeyPair pair = pair();
        Wish wish = Wish.client(name);
        this.self = new Holder(sign(name, pair.getPrivate(), wish, pair, true), pair.getPrivate());
    }

    public X509Certificate certificate() {
        return self.certificate();
    }

    public String pem() {
        return self.certificatePem();
    }

    public Holder make(Wish wish) {
        KeyPair pair = pair();
        return renew(wish, pair);
    }

    /** Another certificate for a key pair. */
    public Holder renew(Wish wish, KeyPair pair) {
        return new Holder(
                sign(
                        self.certificate().getSubjectX500Principal().getName().replace("CN=", ""),
                        self.key(),
                        wish,
                        pair,
                        false),
                pair.getPrivate());
    }

    public static KeyPair pair() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate sign(String issuer, PrivateKey signer, Wish wish, KeyPair pair, boolean authority) {
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    new X500Name("CN=" + issuer),
                    new BigInteger(120, RANDOM),
                    Date.from(wish.from()),
                    Date.from(wish.to()),
                    new X500Name("CN=" + wish.subject()),
                    pair.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(authority ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature));
            if (!authority) {
                builder.addExtension(
                        Extension.extendedKeyUsage,
                        false,
                        new ExtendedKeyUsage(
                                wish.purpose() == Purpose.CLIENT
                                        ? KeyPurposeId.id_kp_clientAuth
                                        : KeyPurposeId.id_kp_serverAuth));
            }
            var names = new ArrayList<GeneralName>();
            wish.uris().forEach(uri -> names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
            wish.hosts().forEach(host -> names.add(new GeneralName(GeneralName.dNSName, host)));
            if (!names.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
            }
            byte[] der = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer))
                    .getEncoded();
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** TLS of a client that believes one authority, and shows a certificate whatever the server asks for. */
    public static SSLContext client(X509Certificate believed, Optional<Holder> shown) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("authority", believed);
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] keys = shown.map(holder -> new KeyManager[] {new Insistent(holder)})
                    .orElse(new KeyManager[0]);
            context.init(keys, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Java's own would show nothing to a server that asks for another authority's certificates. */
    private static final class Insistent extends X509ExtendedKeyManager {
        private final Holder holder;

        Insistent(Holder holder) {
            this.holder = holder;
        }

        @Override
        public String chooseClientAlias(
                String @Nullable [] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return "shown";
        }

        @Override
        public String chooseEngineClientAlias(
                String @Nullable [] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return "shown";
        }

        @Override
        public String[] getClientAliases(@Nullable String type, Principal @Nullable [] issuers) {
            return new String[] {"shown"};
        }

        @Override
        public String @Nullable [] getServerAliases(@Nullable String type, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(
                @Nullable String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(@Nullable String alias) {
            return new X509Certificate[] {holder.certificate()};
        }

        @Override
        public PrivateKey getPrivateKey(@Nullable String alias) {
            return Objects.requireNonNull(holder.key());
        }
    }
}
