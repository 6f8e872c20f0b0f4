package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;

/** A key on P-384, as every key of NVIDIA's attestation is one. */
public record NvidiaKey(ECPrivateKeyParameters secret, ECPublicKeyParameters shown) implements IssuingKey {
    private static final ECNamedDomainParameters P384 = ECNamedDomainParameters.lookup(SECObjectIdentifiers.secp384r1);
    private static final int NUMBER = 48;

    /** The order of the group, below which r and s lie. */
    public static final BigInteger ORDER = P384.getN();

    /** A key from this source of randomness: fresh, or the same every time with a {@link DeterministicRandom}. */
    public static NvidiaKey from(SecureRandom random) {
        var generator = new ECKeyPairGenerator();
        generator.init(new ECKeyGenerationParameters(P384, random));
        var pair = generator.generateKeyPair();
        return new NvidiaKey((ECPrivateKeyParameters) pair.getPrivate(), (ECPublicKeyParameters) pair.getPublic());
    }

    /** r and s of 48 bytes each, big-endian, over SHA-384, with the nonce of RFC 6979: the same every time. */
    public Bytes signRaw(Bytes message) {
        var signer = new ECDSASigner(new HMacDSAKCalculator(new SHA384Digest()));
        signer.init(true, secret);
        BigInteger[] numbers = signer.generateSignature(message.sha384().toByteArray());
        return Bytes.concat(number(numbers[0]), number(numbers[1]));
    }

    /** The point, X and Y of 48 bytes each, big-endian. */
    public Bytes point() {
        return Bytes.copyOf(shown.getQ().getEncoded(false)).slice(1, 1 + 2 * NUMBER);
    }

    /** This key issuing with other signatures than it would make: r and s of 48 bytes each go in and come out. */
    public IssuingKey altering(UnaryOperator<Bytes> change) {
        var honest = this;
        return new IssuingKey() {
            @Override
            public AlgorithmIdentifier identifier() {
                return honest.identifier();
            }

            @Override
            public Bytes sign(Bytes message) {
                return derSignature(change.apply(honest.signRaw(message)));
            }
        };
    }

    @Override
    public AlgorithmIdentifier identifier() {
        return new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA384);
    }

    @Override
    public Bytes sign(Bytes message) {
        return derSignature(signRaw(message));
    }

    /** Ecdsa-Sig-Value, RFC 3279, section 2.2.3. */
    public static Bytes derSignature(Bytes raw) {
        var pair = new DERSequence(new ASN1Integer[] {
            new ASN1Integer(new BigInteger(1, raw.slice(0, NUMBER).toByteArray())),
            new ASN1Integer(new BigInteger(1, raw.slice(NUMBER, 2 * NUMBER).toByteArray()))
        });
        try {
            return Bytes.copyOf(pair.getEncoded("DER"));
        } catch (IOException e) {
            throw new IllegalStateException("two numbers in memory can always be encoded", e);
        }
    }

    /** A number of at most 384 bits as 48 bytes, big-endian. */
    public static Bytes number(BigInteger value) {
        byte[] signed = value.toByteArray();
        Bytes digits = Bytes.copyOf(signed).slice(signed[0] == 0 ? 1 : 0, signed.length);
        return Bytes.concat(Bytes.zeros(NUMBER - digits.length()), digits);
    }

    /** n minus s in place of s: another signature of the same key, and as valid. */
    public static Bytes negatingS(Bytes raw) {
        var s = new BigInteger(1, raw.slice(NUMBER, 2 * NUMBER).toByteArray());
        return Bytes.concat(raw.slice(0, NUMBER), number(ORDER.subtract(s)));
    }

    SubjectPublicKeyInfo publicKey() {
        try {
            return SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(shown);
        } catch (IOException e) {
            throw new IllegalStateException("a key in memory can always be encoded", e);
        }
    }

    /** The content of the key's BIT STRING, which OCSP hashes: RFC 6960, section 4.1.1. */
    Bytes publicKeyBits() {
        return Bytes.copyOf(publicKey().getPublicKeyData().getBytes());
    }

    /** What subject and authority key identifiers call this key: SHA-1, RFC 5280, section 4.2.1.2, method 1. */
    public Bytes identifierOfKey() {
        return digest("SHA-1", publicKeyBits());
    }

    static Bytes digest(String algorithm, Bytes message) {
        try {
            return Bytes.copyOf(MessageDigest.getInstance(algorithm).digest(message.toByteArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
