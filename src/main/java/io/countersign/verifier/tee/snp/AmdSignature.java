package io.countersign.verifier.tee.snp;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.Signatures;
import java.security.PublicKey;

/** How AMD signs certificates and revocation lists, and the keys it certifies. AMD 57230, "VCEK Certificate". */
final class AmdSignature {
    /**
     * RSASSA-PSS with SHA-384, MGF1 over SHA-384 and a salt of 48 bytes (RFC 4055, section 3.1) in the two encodings that
     * AMD's certificates have: until 2023 with the default trailer field written out, later without.
     */
    static final Bytes WITH_TRAILER = Bytes.fromHex("304606092a864886f70d01010a3039a00f300d06096086480165030402020500"
            + "a11c301a06092a864886f70d010108300d06096086480165030402020500a203020130a303020101");

    static final Bytes WITHOUT_TRAILER =
            Bytes.fromHex("304106092a864886f70d01010a3034a00f300d06096086480165030402020500"
                    + "a11c301a06092a864886f70d010108300d06096086480165030402020500a203020130");

    /** SubjectPublicKeyInfo of an uncompressed point on P-384, up to the point's coordinates. RFC 5480, section 2. */
    private static final Bytes P384_PREFIX = Bytes.fromHex("3076301006072a8648ce3d020106052b8104002203620004");

    private static final int P384_LENGTH = P384_PREFIX.length() + 96;

    private AmdSignature() {}

    /** Whether an AlgorithmIdentifier is exactly AMD's: a certificate may not choose weaker parameters. */
    static boolean isAlgorithm(Bytes algorithmIdentifier) {
        return algorithmIdentifier.equals(WITHOUT_TRAILER) || algorithmIdentifier.equals(WITH_TRAILER);
    }

    static boolean isP384(Bytes subjectPublicKeyInfo) {
        return subjectPublicKeyInfo.length() == P384_LENGTH && subjectPublicKeyInfo.startsWith(P384_PREFIX);
    }

    static boolean signed(PublicKey key, Certificate certificate, Signatures signatures) {
        return isAlgorithm(certificate.signatureAlgorithm())
                && signatures.rsaPssSha384(key, certificate.tbs(), certificate.signature()) == Signatures.Verdict.VALID;
    }
}
