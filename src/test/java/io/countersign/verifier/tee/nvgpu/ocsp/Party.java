package io.countersign.verifier.tee.nvgpu.ocsp;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.Window;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.function.Consumer;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Somebody with a certificate and its key, as a test needs it. */
public record Party(Certificate certificate, KeyPair keys) {
    public static final Window LONG =
            new Window(Instant.parse("2022-01-01T00:00:00Z"), Instant.parse("2052-01-01T00:00:00Z"));

    /** What a certificate is made of; each field that is not its common value is set by the test that is about it. */
    public static final class Draft {
        public String subject;
        public String issuer;
        public KeyPair signer;
        public BigInteger serial;
        public Window window = LONG;
        public KeyPair keys;
        public String algorithm = "SHA384withECDSA";
        private final X509Extensions extensions = new X509Extensions();

        private Draft(String subject, String issuer, KeyPair signer, long serial, KeyPair keys) {
            this.subject = subject;
            this.issuer = issuer;
            this.signer = signer;
            this.serial = BigInteger.valueOf(serial);
            this.keys = keys;
        }

        public Draft authority() {
            return with(Extension.basicConstraints, true, new BasicConstraints(true))
                    .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        }

        public Draft signs() {
            return with(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        }

        public Draft purpose(KeyPurposeId purpose) {
            return with(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purpose));
        }

        public Draft with(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
            extensions.add(oid, critical, value);
            return this;
        }
    }

    private static final class X509Extensions {
        private record One(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {}

        private final java.util.List<One> all = new java.util.ArrayList<>();

        void add(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
            all.add(new One(oid, critical, value));
        }

        void into(X509v3CertificateBuilder builder) throws CertIOException {
            for (One one : all) {
                builder.addExtension(one.oid, one.critical, one.value);
            }
        }
    }

    public static Party root(String name) {
        KeyPair keys = p384();
        return made(new Draft(name, name, keys, 1, keys).authority());
    }

    /** Whoever this authority issues a certificate to. */
    public Party issue(String name, long serial, Consumer<Draft> as) {
        var draft = new Draft(name, certificate.subjectCommonName(), keys, serial, p384());
        as.accept(draft);
        return made(draft);
    }

    public Party authority(String name, long serial) {
        return issue(name, serial, Draft::authority);
    }

    /** A responder as RFC 6960, section 4.2.2.2, has it. */
    public Party responder(long serial) {
        return issue("Responder", serial, draft -> draft.signs().purpose(KeyPurposeId.id_kp_OCSPSigning));
    }

    public PublicKey key() {
        return keys.getPublic();
    }

    public static KeyPair p384() {
        return pair("secp384r1");
    }

    public static KeyPair pair(String curve) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static Bytes sign(KeyPair keys, String algorithm, Bytes message) {
        try {
            var signature = Signature.getInstance(algorithm);
            signature.initSign(keys.getPrivate());
            signature.update(message.toByteArray());
            return Bytes.copyOf(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Party made(Draft draft) {
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    new X500Name("CN=" + draft.issuer),
                    draft.serial,
                    Date.from(draft.window.notBefore()),
                    Date.from(draft.window.notAfter()),
                    new X500Name("CN=" + draft.subject),
                    draft.keys.getPublic());
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(draft.keys.getPublic()));
            draft.extensions.into(builder);
            var signer = new JcaContentSignerBuilder(draft.algorithm).build(draft.signer.getPrivate());
            return new Party(
                    Certificate.parse(Bytes.copyOf(builder.build(signer).getEncoded())), draft.keys);
        } catch (java.io.IOException | GeneralSecurityException | OperatorCreationException | MalformedDerException e) {
            throw new IllegalStateException(e);
        }
    }
}
