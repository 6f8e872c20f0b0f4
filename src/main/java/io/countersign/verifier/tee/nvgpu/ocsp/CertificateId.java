package io.countersign.verifier.tee.nvgpu.ocsp;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.Certificate;
import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * Which certificate a question is about: RFC 6960, section 4.1.1, CertID.
 *
 * @param issuerNameHash of the DER of the issuer's name
 * @param issuerKeyHash of the issuer's public key, without tag, length and unused bits
 */
public record CertificateId(Bytes issuerNameHash, Bytes issuerKeyHash, BigInteger serial) {
    /** The name that our own questions use. */
    public static CertificateId sha384(Certificate subject, Certificate issuer) {
        return under("SHA-384", subject, issuer);
    }

    /** Java's word for a hash that certificates are named under: NVIDIA's own tools use the first and the last. */
    static Optional<String> hash(String oid) {
        if (oid.equals(OIWObjectIdentifiers.idSHA1.getId())) {
            return Optional.of("SHA-1");
        }
        if (oid.equals(NISTObjectIdentifiers.id_sha256.getId())) {
            return Optional.of("SHA-256");
        }
        return oid.equals(NISTObjectIdentifiers.id_sha384.getId()) ? Optional.of("SHA-384") : Optional.empty();
    }

    static CertificateId under(String algorithm, Certificate subject, Certificate issuer) {
        return new CertificateId(
                Encoding.digest(algorithm, subject.issuer()),
                Encoding.digest(algorithm, keyBits(issuer)),
                subject.serial());
    }

    /** What both CertID and a responder that names itself by its key take the hash of. */
    static Bytes keyBits(Certificate certificate) {
        return Bytes.copyOf(SubjectPublicKeyInfo.getInstance(
                        certificate.subjectPublicKeyInfo().toByteArray())
                .getPublicKeyData()
                .getOctets());
    }
}
