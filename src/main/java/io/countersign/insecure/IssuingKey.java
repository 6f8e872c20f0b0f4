package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/** What signs certificates and revocation lists, and how they name it. */
public interface IssuingKey {
    /** What the certificate says about its signature. */
    AlgorithmIdentifier identifier();

    /** The content of the signature's BIT STRING. */
    Bytes sign(Bytes message);

    /** The same key under another RSA scheme. */
    default IssuingKey by(RsaSignature scheme) {
        throw new IllegalStateException("this key cannot sign by " + scheme);
    }
}
