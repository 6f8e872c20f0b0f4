package io.countersign.examples.ohttp;

import java.util.Optional;
import org.bouncycastle.crypto.hpke.HPKE;

/** The KEMs offered here (RFC 9180 section 7.1), each with the JWK curve (RFC 7518, RFC 8037) that its keys are attested as. */
public enum Kem {
    P256(HPKE.kem_P256_SHA256, "P-256", 65),
    P384(HPKE.kem_P384_SHA384, "P-384", 97),
    X25519(HPKE.kem_X25519_SHA256, "X25519", 32);

    private final short id;
    private final String curve;
    private final int keyLength;

    Kem(short id, String curve, int keyLength) {
        this.id = id;
        this.curve = curve;
        this.keyLength = keyLength;
    }

    short id() {
        return id;
    }

    /** The JWK member {@code crv} of this KEM's keys. */
    public String curve() {
        return curve;
    }

    /** The length both of a public key and of an encapsulated one: Npk and Nenc. */
    int keyLength() {
        return keyLength;
    }

    static Optional<Kem> of(int id) {
        for (Kem kem : values()) {
            if (kem.id == id) {
                return Optional.of(kem);
            }
        }
        return Optional.empty();
    }

    static Optional<Kem> ofCurve(String curve) {
        for (Kem kem : values()) {
            if (kem.curve.equals(curve)) {
                return Optional.of(kem);
            }
        }
        return Optional.empty();
    }
}
