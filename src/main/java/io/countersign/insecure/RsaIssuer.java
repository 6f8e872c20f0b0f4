package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/** An RSA key and the scheme by which it signs. */
record RsaIssuer(RsaKey key, RsaSignature scheme) implements IssuingKey {
    @Override
    public AlgorithmIdentifier identifier() {
        return scheme.identifier();
    }

    @Override
    public Bytes sign(Bytes message) {
        return scheme.sign(key.parameters(), message);
    }

    @Override
    public IssuingKey by(RsaSignature other) {
        return new RsaIssuer(key, other);
    }
}
