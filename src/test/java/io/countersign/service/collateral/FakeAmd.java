package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.snp.AmdEndorsementRef;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.SnpTcb;
import io.countersign.verifier.tee.snp.VekKind;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes certificates and revocation lists of AMD's shape, signed by a key of this run. Nothing here is genuine. */
final class FakeAmd {
    static final Bytes CHIP = Bytes.concat(Bytes.fromHex("a1b2c3d4e5f60718"), Bytes.zeros(55), Bytes.fromHex("01"));
    static final SnpTcb TCB = new SnpTcb.Classic(4, 0, 24, 219, Bytes.zeros(4));

    private static final String ARC = "1.3.6.1.4.1.3704.1";
    private static final KeyPair SIGNER = keyPair();

    private FakeAmd() {}

    static KeyPair keyPair() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp384r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static AmdEndorsementRef.Vcek milan() {
        return new AmdEndorsementRef.Vcek(Product.MILAN, CHIP, TCB);
    }

    /** Another chip for each number. */
    static AmdEndorsementRef.Vcek milan(int chip) {
        Bytes id = Bytes.concat(Bytes.fromHex("c41b"), Bytes.zeros(61), Bytes.copyOf((byte) chip));
        return new AmdEndorsementRef.Vcek(Product.MILAN, id, TCB);
    }

    static AmdEndorsementRef.Vcek turin() {
        return new AmdEndorsementRef.Vcek(
                Product.TURIN, Bytes.fromHex("59790fb1c39f35c1"), new SnpTcb.WithFmc(1, 1, 1, 4, 81, Bytes.zeros(3)));
    }

    static AmdEndorsementRef.Crl crl() {
        return new AmdEndorsementRef.Crl(Product.MILAN, VekKind.VCEK);
    }

    static Bytes vcek(AmdEndorsementRef.Vcek ref, Instant from, Duration life) {
        return vcek(ref, keyPair(), from, life);
    }

    static Bytes vcek(AmdEndorsementRef.Vcek ref, KeyPair key, Instant from, Duration life) {
        try {
            var builder = certificate("SEV-VCEK", key, from, life);
            SnpTcb tcb = ref.tcb();
            builder.addExtension(
                    oid(".2"), false, new DERIA5String(ref.product().kdsName()));
            builder.addExtension(oid(".3.1"), false, level(tcb.bootloader()));
            builder.addExtension(oid(".3.2"), false, level(tcb.tee()));
            builder.addExtension(oid(".3.3"), false, level(tcb.snp()));
            builder.addExtension(oid(".3.8"), false, level(tcb.microcode()));
            if (tcb.fmc().isPresent()) {
                builder.addExtension(oid(".3.9"), false, level(tcb.fmc().getAsInt()));
            }
            builder.addExtension(oid(".4"), false, ref.hardwareId().toByteArray());
            return Bytes.copyOf(builder.build(signer()).getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] level(int level) {
        return BigInteger.valueOf(level).signum() == 0
                ? new byte[] {2, 1, 0}
                : Bytes.concat(
                                Bytes.copyOf((byte) 2, (byte)
                                        BigInteger.valueOf(level).toByteArray().length),
                                Bytes.copyOf(BigInteger.valueOf(level).toByteArray()))
                        .toByteArray();
    }

    static Bytes chain(Instant from) {
        return Bytes.utf8(pem("SEV-Milan", from) + pem("ARK-Milan", from));
    }

    private static String pem(String name, Instant from) {
        try {
            byte[] der = certificate(name, SIGNER, from, Duration.ofDays(9000))
                    .build(signer())
                    .getEncoded();
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                    + "\n-----END CERTIFICATE-----\n";
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Bytes crl(int number, Instant from, Duration life) {
        return crl(true, number, from, life);
    }

    static Bytes crlWithoutNumber(Instant from, Duration life) {
        return crl(false, 0, from, life);
    }

    private static Bytes crl(boolean numbered, int number, Instant from, Duration life) {
        try {
            var builder = new X509v2CRLBuilder(new X500Name("CN=ARK-Milan"), Date.from(from));
            builder.setNextUpdate(Date.from(from.plus(life)));
            if (numbered) {
                builder.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(number)));
            }
            return Bytes.copyOf(builder.build(signer()).getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JcaX509v3CertificateBuilder certificate(String name, KeyPair key, Instant from, Duration life) {
        return new JcaX509v3CertificateBuilder(
                new X500Name("CN=SEV-Milan"),
                BigInteger.ZERO,
                Date.from(from),
                Date.from(from.plus(life)),
                new X500Name("CN=" + name),
                key.getPublic());
    }

    private static ASN1ObjectIdentifier oid(String suffix) {
        return new ASN1ObjectIdentifier(ARC + suffix);
    }

    private static ContentSigner signer() {
        try {
            return new JcaContentSignerBuilder("SHA384withECDSA").build(SIGNER.getPrivate());
        } catch (OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }
}
