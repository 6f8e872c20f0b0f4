package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.RevocationList;
import io.countersign.verifier.trust.Signatures;
import java.math.BigInteger;
import java.security.PublicKey;
import java.util.Optional;

/** How Intel signs: ECDSA over P-256 with SHA-256, and nothing else. Intel SGX PCK Certificate and CRL Profile, section 1.2. */
final class IntelSignature {
    /** ecdsa-with-SHA256 without parameters: RFC 5758, section 3.2. */
    private static final Bytes ALGORITHM = Bytes.fromHex("300a06082a8648ce3d040302");

    /** SubjectPublicKeyInfo of an uncompressed point on P-256, up to the point's coordinates: RFC 5480, section 2. */
    private static final Bytes P256_PREFIX = Bytes.fromHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");

    private static final int COORDINATES = 64;

    /** y^2 = x^3 - 3x + b over the field of p: SEC 2 version 2.0, section 2.4.2. */
    private static final BigInteger P =
            new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);

    private static final BigInteger B =
            new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);
    private static final BigInteger THREE = BigInteger.valueOf(3);

    private IntelSignature() {}

    /** A certificate's key; empty when it is not on P-256. */
    static Optional<PublicKey> key(Certificate certificate, Signatures signatures) {
        Bytes info = certificate.subjectPublicKeyInfo();
        return info.length() == P256_PREFIX.length() + COORDINATES && info.startsWith(P256_PREFIX)
                ? point(info.slice(P256_PREFIX.length(), info.length()), signatures)
                : Optional.empty();
    }

    /** The key with these coordinates; empty when they are not a point on P-256, which no provider is relied on to notice. */
    static Optional<PublicKey> point(Bytes coordinates, Signatures signatures) {
        var x = new BigInteger(1, coordinates.slice(0, 32).toByteArray());
        var y = new BigInteger(1, coordinates.slice(32, 64).toByteArray());
        if (x.compareTo(P) >= 0 || y.compareTo(P) >= 0) {
            return Optional.empty();
        }
        BigInteger right = x.multiply(x).subtract(THREE).multiply(x).add(B).mod(P);
        return y.multiply(y).mod(P).equals(right)
                ? signatures.key("EC", Bytes.concat(P256_PREFIX, coordinates))
                : Optional.empty();
    }

    static boolean signed(PublicKey key, Certificate certificate, Signatures signatures) {
        return isAlgorithm(certificate.signatureAlgorithm())
                && valid(signatures.ecdsaP256Sha256Der(key, certificate.tbs(), certificate.signature()));
    }

    static boolean signed(PublicKey key, RevocationList list, Signatures signatures) {
        return isAlgorithm(list.signatureAlgorithm())
                && valid(signatures.ecdsaP256Sha256Der(key, list.tbs(), list.signature()));
    }

    static boolean isAlgorithm(Bytes algorithmIdentifier) {
        return algorithmIdentifier.equals(ALGORITHM);
    }

    private static boolean valid(Signatures.Verdict verdict) {
        return verdict == Signatures.Verdict.VALID;
    }
}
