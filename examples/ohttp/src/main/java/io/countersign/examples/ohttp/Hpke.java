package io.countersign.examples.ohttp;

import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;

/** HPKE in base mode with HKDF-SHA256 (RFC 9180). */
final class Hpke {
    private Hpke() {}

    static HPKE suite(Kem kem, Aead aead) {
        return new HPKE(HPKE.mode_base, kem.id(), HPKE.kdf_HKDF_SHA256, aead.id());
    }

    static AsymmetricCipherKeyPair newKeyPair(Kem kem) {
        return anySuite(kem).generatePrivateKey();
    }

    /** Reads a public key, and tries it once: with an X25519 key of small order the secret would be zero (section 7.1.4). */
    static AsymmetricKeyParameter publicKey(Kem kem, byte[] encoded) {
        AsymmetricKeyParameter key = anySuite(kem).deserializePublicKey(encoded);
        try {
            HPKEContextWithEncapsulation _ = anySuite(kem).setupBaseS(key, new byte[0]);
        } catch (IllegalStateException e) {
            throw new IllegalArgumentException("A public key of small order", e);
        }
        return key;
    }

    /** The key pair of a private key, whose public half is computed. */
    static AsymmetricCipherKeyPair keyPair(Kem kem, byte[] privateKey) {
        return anySuite(kem).deserializePrivateKey(privateKey, null);
    }

    static byte[] encoded(Kem kem, AsymmetricKeyParameter publicKey) {
        return anySuite(kem).serializePublicKey(publicKey);
    }

    /** Keys belong to the KEM alone: the AEAD plays no part in them. */
    private static HPKE anySuite(Kem kem) {
        return suite(kem, Aead.AES_128_GCM);
    }
}
