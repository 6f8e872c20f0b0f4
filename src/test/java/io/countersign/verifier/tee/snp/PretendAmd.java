package io.countersign.verifier.tee.snp;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.TrustAnchors;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An AMD of our own for tests: the same names and shapes as AMD's, other keys. */
final class PretendAmd {
    static final Instant FROM = Instant.parse("2025-01-01T00:00:00Z");
    static final Instant UNTIL = Instant.parse("2032-01-01T00:00:00Z");
    private static final String ARC = "1.3.6.1.4.1.3704.1.";

    final Product product;
    final KeyPair arkKey = rsa();
    final KeyPair askKey = rsa();
    final KeyPair asvkKey = rsa();
    final KeyPair vekKey = ec();
    final Bytes ark;
    final Bytes ask;
    final Bytes asvk;

    PretendAmd(Product product) {
        this.product = product;
        String line = product.kdsName();
        this.ark = authority("ARK-" + line, "ARK-" + line, arkKey, arkKey, 0x10000, Optional.empty());
        this.ask = authority("SEV-" + line, "ARK-" + line, askKey, arkKey, 0x10001, Optional.of(0));
        this.asvk = authority("SEV-VLEK-" + line, "ARK-" + line, asvkKey, arkKey, 0x10101, Optional.of(0));
    }

    TrustAnchors anchors() {
        String line = " " + product.kdsName() + "\n";
        return TrustAnchors.parse(
                "# anchor: amd-ark" + line + pem(ark) + "# anchor: amd-ask" + line + pem(ask) + "# anchor: amd-asvk"
                        + line + pem(asvk),
                TrustAnchors.Origin.LABORATORY);
    }

    static String pem(Bytes der) {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der.toByteArray())
                + "\n-----END CERTIFICATE-----\n";
    }

    /** An ASK or ARK with names, keys, serial and path length as wanted. */
    static Bytes authority(
            String subject, String issuer, KeyPair key, KeyPair signer, long serial, Optional<Integer> pathLength) {
        var builder = builder(subject, issuer, key, serial);
        add(
                builder,
                Extension.basicConstraints,
                true,
                pathLength.map(BasicConstraints::new).orElse(new BasicConstraints(true)));
        add(builder, Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        return sign(builder, signer);
    }

    /** The extensions of a good VEK at a TCB, for tests to change. */
    Map<String, Bytes> extensions(VekKind kind, SnpTcb tcb, Bytes hardwareId) {
        var all = new LinkedHashMap<String, Bytes>();
        boolean turin = product == Product.TURIN;
        all.put("1", integer(turin ? 1 : 0));
        all.put("2", der(new DERIA5String(product.kdsName())));
        all.put("3.1", integer(tcb.bootloader()));
        all.put("3.2", integer(tcb.tee()));
        all.put("3.3", integer(tcb.snp()));
        all.put("3.8", integer(tcb.microcode()));
        tcb.fmc().ifPresent(level -> all.put("3.9", integer(level)));
        switch (kind) {
            case VCEK -> all.put("4", hardwareId);
            case VLEK -> all.put("5", der(new DERIA5String("CN=provider.example")));
        }
        return all;
    }

    Bytes vek(VekKind kind, Map<String, Bytes> extensions) {
        return vek(
                kind,
                kind == VekKind.VCEK ? "SEV-VCEK" : "SEV-VLEK",
                extensions,
                kind == VekKind.VCEK ? askKey : asvkKey);
    }

    Bytes vek(VekKind kind, String commonName, Map<String, Bytes> extensions, KeyPair signer) {
        String issuer = (kind == VekKind.VCEK ? "SEV-" : "SEV-VLEK-") + product.kdsName();
        var builder = builder(commonName, issuer, vekKey, 0);
        extensions.forEach((suffix, value) -> addRaw(builder, ARC + suffix, value));
        return sign(builder, signer);
    }

    /** A VCEK under AMD's names that its ASK signed with another algorithm. */
    Bytes vcekSignedWith(String algorithm, Map<String, Bytes> extensions) {
        var builder = builder("SEV-VCEK", "SEV-" + product.kdsName(), vekKey, 0);
        extensions.forEach((suffix, value) -> addRaw(builder, ARC + suffix, value));
        try {
            return Bytes.copyOf(builder.build(new JcaContentSignerBuilder(algorithm)
                            .setProvider(new org.bouncycastle.jce.provider.BouncyCastleProvider())
                            .build(askKey.getPrivate()))
                    .getEncoded());
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    Bytes crl(Instant from, Instant until, long... revoked) {
        return crl("ARK-" + product.kdsName(), arkKey, from, Optional.of(until), revoked);
    }

    static Bytes crl(String issuer, KeyPair signer, Instant from, Optional<Instant> until, long... revoked) {
        var builder = new X509v2CRLBuilder(name(issuer), Date.from(from));
        until.ifPresent(end -> builder.setNextUpdate(Date.from(end)));
        for (long serial : revoked) {
            builder.addCRLEntry(BigInteger.valueOf(serial), Date.from(from), CRLReason.keyCompromise);
        }
        try {
            return Bytes.copyOf(builder.build(signer(signer)).getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A report of version 3 or later for this product line, signed by the VEK's key. */
    Report report() {
        return new Report();
    }

    /** A report to be changed before it is signed. */
    final class Report {
        private final byte[] bytes = new byte[AttestationReport.LENGTH];

        private Report() {
            u8(0x000, 3).u8(0x00A, 3).u8(0x034, 1).u8(0x188, product == Product.TURIN ? 0x1A : 0x19);
            u8(
                    0x189,
                    switch (product) {
                        case MILAN -> 0x01;
                        case GENOA -> 0x11;
                        case TURIN -> 0x02;
                    });
        }

        Report u8(int offset, int value) {
            bytes[offset] = (byte) value;
            return this;
        }

        Report put(int offset, Bytes value) {
            System.arraycopy(value.toByteArray(), 0, bytes, offset, value.length());
            return this;
        }

        /** One value for all four TCBs. */
        Report tcb(Bytes raw) {
            return put(0x038, raw).put(0x180, raw).put(0x1E0, raw).put(0x1F0, raw);
        }

        Bytes unsigned() {
            return Bytes.copyOf(bytes);
        }

        Bytes signed() {
            try {
                var signature = Signature.getInstance("SHA384withECDSAinP1363Format");
                signature.initSign(vekKey.getPrivate());
                signature.update(bytes, 0, 0x2A0);
                var rs = Bytes.copyOf(signature.sign());
                put(0x2A0, rs.slice(0, 48).reversed());
                put(0x2E8, rs.slice(48, 96).reversed());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
            return unsigned();
        }
    }

    static Bytes integer(long value) {
        return der(new ASN1Integer(value));
    }

    static Bytes der(ASN1Encodable value) {
        try {
            return Bytes.copyOf(value.toASN1Primitive().getEncoded("DER"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static X509v3CertificateBuilder builder(String subject, String issuer, KeyPair key, long serial) {
        return new X509v3CertificateBuilder(
                name(issuer),
                BigInteger.valueOf(serial),
                Date.from(FROM),
                Date.from(UNTIL),
                name(subject),
                SubjectPublicKeyInfo.getInstance(key.getPublic().getEncoded()));
    }

    private static X500Name name(String commonName) {
        return new X500Name("OU=Engineering,C=US,L=Santa Clara,ST=CA,O=Advanced Micro Devices,CN=" + commonName);
    }

    private static void add(
            X509v3CertificateBuilder builder, ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
        try {
            builder.addExtension(oid, critical, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void addRaw(X509v3CertificateBuilder builder, String oid, Bytes value) {
        try {
            builder.addExtension(new ASN1ObjectIdentifier(oid), false, value.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Bytes sign(X509v3CertificateBuilder builder, KeyPair signer) {
        try {
            return Bytes.copyOf(builder.build(signer(signer)).getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ContentSigner signer(KeyPair key) {
        var out = new java.io.ByteArrayOutputStream();
        return new ContentSigner() {
            @Override
            public AlgorithmIdentifier getAlgorithmIdentifier() {
                try {
                    return AlgorithmIdentifier.getInstance(
                            ASN1Primitive.fromByteArray(AmdSignature.WITHOUT_TRAILER.toByteArray()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public OutputStream getOutputStream() {
                return out;
            }

            @Override
            public byte[] getSignature() {
                try {
                    var signature = Signature.getInstance("RSASSA-PSS");
                    signature.setParameter(new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, 1));
                    signature.initSign(key.getPrivate());
                    signature.update(out.toByteArray());
                    return signature.sign();
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }

    /** 2048 bits, half of AMD's: quicker to make, and nothing here depends on it. */
    static KeyPair rsa() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair ec() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp384r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
