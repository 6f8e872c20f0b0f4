package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.math.BigInteger;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Certificate;

/**
 * Which certificate an OCSP answer is about. RFC 6960, section 4.1.1.
 *
 * @param issuerName the issuer's name in DER, before hashing
 * @param issuerKey the content of the BIT STRING of the issuer's key, before hashing
 */
public record NvidiaCertId(Bytes issuerName, Bytes issuerKey, BigInteger serial) {
    static NvidiaCertId of(Certificate certificate, Certificate issuer) {
        return new NvidiaCertId(
                NvidiaExtensions.der(issuer.getSubject()),
                Bytes.copyOf(issuer.getSubjectPublicKeyInfo().getPublicKeyData().getBytes()),
                certificate.getSerialNumber().getValue());
    }

    public NvidiaCertId withSerial(BigInteger other) {
        return new NvidiaCertId(issuerName, issuerKey, other);
    }

    public NvidiaCertId withIssuerKey(Bytes other) {
        return new NvidiaCertId(issuerName, other, serial);
    }

    public NvidiaCertId withIssuerName(Bytes other) {
        return new NvidiaCertId(other, issuerKey, serial);
    }

    DERSequence encoded(SoftwareOcsp.Hash hash) {
        String algorithm =
                switch (hash) {
                    case SHA1 -> "SHA-1";
                    case SHA256 -> "SHA-256";
                    case SHA384 -> "SHA-384";
                };
        var identifier =
                switch (hash) {
                    case SHA1 -> OIWObjectIdentifiers.idSHA1;
                    case SHA256 -> NISTObjectIdentifiers.id_sha256;
                    case SHA384 -> NISTObjectIdentifiers.id_sha384;
                };
        return new DERSequence(new ASN1Encodable[] {
            new AlgorithmIdentifier(identifier, DERNull.INSTANCE),
            new DEROctetString(NvidiaKey.digest(algorithm, issuerName).toByteArray()),
            new DEROctetString(NvidiaKey.digest(algorithm, issuerKey).toByteArray()),
            new ASN1Integer(serial)
        });
    }
}
