package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;

/** A key on P-256, as every key of Intel's attestation is one. */
public record P256Key(ECPrivateKeyParameters secret, ECPublicKeyParameters shown) implements IssuingKey {
    private static final ECNamedDomainParameters P256 = ECNamedDomainParameters.lookup(SECObjectIdentifiers.secp256r1);

    /** The order of the group, below which r and s lie. */
    public static final BigInteger ORDER = P256.getN();

    /** A key from this source of randomness: fresh, or the same every time with a {@link DeterministicRandom}. */
    public static P256Key from(SecureRandom random) {
        var generator = new ECKeyPairGenerator();
        generator.init(new ECKeyGenerationParameters(P256, random));
        var pair = generator.generateKeyPair();
        return new P256Key((ECPrivateKeyParameters) pair.getPrivate(), (ECPublicKeyParameters) pair.getPublic());
    }

    /** r and s of 32 bytes each, big-endian, over SHA-256, with the nonce of RFC 6979: the same every time. */
    public Bytes signRaw(Bytes message) {
        var signer = new ECDSASigner(new HMacDSAKCalculator(SHA256Digest.newInstance()));
        signer.init(true, secret);
        BigInteger[] numbers = signer.generateSignature(message.sha256().toByteArray());
        return Bytes.concat(number(numbers[0]), number(numbers[1]));
    }

    /** The point, X and Y of 32 bytes each, big-endian. */
    public Bytes point() {
        return Bytes.copyOf(shown.getQ().getEncoded(false)).slice(1, 65);
    }

    /** This key issuing with other signatures than it would make: r and s of 32 bytes each go in and come out. */
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
        return new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    }

    @Override
    public Bytes sign(Bytes message) {
        return derSignature(signRaw(message));
    }

    /** Ecdsa-Sig-Value, RFC 3279, section 2.2.3. */
    public static Bytes derSignature(Bytes raw) {
        var pair = new DERSequence(new ASN1Integer[] {
            new ASN1Integer(new BigInteger(1, raw.slice(0, 32).toByteArray())),
            new ASN1Integer(new BigInteger(1, raw.slice(32, 64).toByteArray()))
        });
        try {
            return Bytes.copyOf(pair.getEncoded("DER"));
        } catch (IOException e) {
            throw new IllegalStateException("two numbers in memory can always be encoded", e);
        }
    }

    /** A number of at most 256 bits as 32 bytes, big-endian. */
    public static Bytes number(BigInteger value) {
        byte[] signed = value.toByteArray();
        Bytes digits = Bytes.copyOf(signed).slice(signed[0] == 0 ? 1 : 0, signed.length);
        return Bytes.concat(Bytes.zeros(32 - digits.length()), digits);
    }

    SubjectPublicKeyInfo publicKey() {
        try {
            return SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(shown);
        } catch (IOException e) {
            throw new IllegalStateException("a key in memory can always be encoded", e);
        }
    }

    /** What subject and authority key identifiers call this key: 20 bytes, RFC 7093, section 2, method 1. */
    Bytes identifierOfKey() {
        return Bytes.copyOf(publicKey().getPublicKeyData().getBytes()).sha256().slice(0, 20);
    }
}
