package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;

/** A key on P-384 that signs reports, as a VCEK or VLEK does. */
public record ReportKey(ECPrivateKeyParameters secret, ECPublicKeyParameters shown) {
    private static final ECNamedDomainParameters P384 = ECNamedDomainParameters.lookup(SECObjectIdentifiers.secp384r1);

    /** The order of the group, below which r and s lie. */
    public static final BigInteger ORDER = P384.getN();

    /** The two numbers of an ECDSA signature. */
    public record Signature(BigInteger r, BigInteger s) {}

    /** A key from this source of randomness: fresh, or the same every time with a {@link DeterministicRandom}. */
    public static ReportKey from(SecureRandom random) {
        var generator = new ECKeyPairGenerator();
        generator.init(new ECKeyGenerationParameters(P384, random));
        var pair = generator.generateKeyPair();
        return new ReportKey((ECPrivateKeyParameters) pair.getPrivate(), (ECPublicKeyParameters) pair.getPublic());
    }

    /** ECDSA with SHA-384 and the nonce of RFC 6979: the same message always gives the same signature. */
    public Signature sign(Bytes message) {
        var signer = new ECDSASigner(new HMacDSAKCalculator(new SHA384Digest()));
        signer.init(true, secret);
        BigInteger[] numbers = signer.generateSignature(message.sha384().toByteArray());
        return new Signature(numbers[0], numbers[1]);
    }

    SubjectPublicKeyInfo publicKey() {
        try {
            return SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(shown);
        } catch (IOException e) {
            throw new IllegalStateException("a key in memory can always be encoded", e);
        }
    }
}
