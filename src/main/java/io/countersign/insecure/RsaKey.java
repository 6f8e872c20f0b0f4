package io.countersign.insecure;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.Base64;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.generators.RSAKeyPairGenerator;
import org.bouncycastle.crypto.params.RSAKeyGenerationParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;

/** An RSA-4096 key with the exponent 65537, like AMD's ARK, ASK and ASVK. */
public record RsaKey(RSAPrivateCrtKeyParameters parameters) {
    private static final int BITS = 4096;
    private static final BigInteger EXPONENT = BigInteger.valueOf(65537);
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    /** A fresh key, made by native code where that loads. */
    public static RsaKey fresh(SecureRandom random) {
        try {
            var generator = AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError() == null
                    ? KeyPairGenerator.getInstance("RSA", AmazonCorrettoCryptoProvider.INSTANCE)
                    : KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS, random);
            return fromPkcs8(generator.generateKeyPair().getPrivate().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform makes RSA keys", e);
        }
    }

    /** The key that belongs to a seed: always the same, and known to everybody. */
    public static RsaKey derivedFrom(String seed) {
        var generator = new RSAKeyPairGenerator();
        generator.init(new RSAKeyGenerationParameters(EXPONENT, new DeterministicRandom(seed), BITS, 128));
        return new RsaKey(
                (RSAPrivateCrtKeyParameters) generator.generateKeyPair().getPrivate());
    }

    public static RsaKey fromPem(String pem) {
        int begin = pem.indexOf(BEGIN);
        int end = pem.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("there is no PRIVATE KEY block in this text");
        }
        return fromPkcs8(Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end)));
    }

    private static RsaKey fromPkcs8(byte[] encoded) {
        try {
            return new RsaKey((RSAPrivateCrtKeyParameters) PrivateKeyFactory.createKey(encoded));
        } catch (IOException e) {
            throw new IllegalArgumentException("not an RSA private key in PKCS #8", e);
        }
    }

    /** PKCS #8 in PEM, lines of 64. */
    public String pem() {
        try {
            return Pem.block(
                    "PRIVATE KEY",
                    Bytes.copyOf(PrivateKeyInfoFactory.createPrivateKeyInfo(parameters)
                            .getEncoded("DER")));
        } catch (IOException e) {
            throw new IllegalStateException("a key in memory can always be encoded", e);
        }
    }

    SubjectPublicKeyInfo publicKey() {
        try {
            return SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(
                    new RSAKeyParameters(false, parameters.getModulus(), parameters.getPublicExponent()));
        } catch (IOException e) {
            throw new IllegalStateException("a key in memory can always be encoded", e);
        }
    }
}
