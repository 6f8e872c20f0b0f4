package io.countersign.verifier.tee.nvgpu.pki;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.RevocationList;
import io.countersign.verifier.trust.Signatures;
import java.math.BigInteger;
import java.security.PublicKey;
import java.util.Optional;

/** How NVIDIA signs: ECDSA over P-384 with SHA-384, and nothing else, in certificates, reports, RIMs and OCSP answers. */
public final class NvidiaSignature {
    /** ecdsa-with-SHA384 without parameters: RFC 5758, section 3.2. */
    private static final Bytes ALGORITHM = Bytes.fromHex("300a06082a8648ce3d040303");

    /** SubjectPublicKeyInfo of an uncompressed point on P-384, up to the point's coordinates: RFC 5480, section 2. */
    private static final Bytes P384_PREFIX = Bytes.fromHex("3076301006072a8648ce3d020106052b8104002203620004");

    private static final int COORDINATE = 48;

    /** y^2 = x^3 - 3x + b over the field of p: SEC 2 version 2.0, section 2.5.1. */
    private static final BigInteger P = new BigInteger(
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff", 16);

    private static final BigInteger B = new BigInteger(
            "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef", 16);
    private static final BigInteger THREE = BigInteger.valueOf(3);

    private NvidiaSignature() {}

    /** A certificate's key; empty when it is not a point on P-384, which no provider is relied on to notice. */
    public static Optional<PublicKey> key(Certificate certificate, Signatures signatures) {
        Bytes info = certificate.subjectPublicKeyInfo();
        if (info.length() != P384_PREFIX.length() + 2 * COORDINATE || !info.startsWith(P384_PREFIX)) {
            return Optional.empty();
        }
        BigInteger x = coordinate(info, P384_PREFIX.length());
        BigInteger y = coordinate(info, P384_PREFIX.length() + COORDINATE);
        if (x.compareTo(P) >= 0 || y.compareTo(P) >= 0) {
            return Optional.empty();
        }
        BigInteger right = x.multiply(x).subtract(THREE).multiply(x).add(B).mod(P);
        return y.multiply(y).mod(P).equals(right) ? signatures.key("EC", info) : Optional.empty();
    }

    private static BigInteger coordinate(Bytes info, int from) {
        return new BigInteger(1, info.slice(from, from + COORDINATE).toByteArray());
    }

    public static boolean signed(PublicKey key, Certificate certificate, Signatures signatures) {
        return signed(key, certificate.signatureAlgorithm(), certificate.tbs(), certificate.signature(), signatures);
    }

    public static boolean signed(PublicKey key, RevocationList list, Signatures signatures) {
        return signed(key, list.signatureAlgorithm(), list.tbs(), list.signature(), signatures);
    }

    /**
     * Whether a key signed a structure as X.509 and OCSP sign theirs.
     *
     * @param algorithm the DER of the AlgorithmIdentifier
     * @param tbs what is signed, in DER
     * @param signature the DER of Ecdsa-Sig-Value
     */
    public static boolean signed(PublicKey key, Bytes algorithm, Bytes tbs, Bytes signature, Signatures signatures) {
        return algorithm.equals(ALGORITHM)
                && signatures.ecdsaP384Sha384Der(key, tbs, signature) == Signatures.Verdict.VALID;
    }

    static boolean isAlgorithm(Bytes algorithmIdentifier) {
        return algorithmIdentifier.equals(ALGORITHM);
    }
}
