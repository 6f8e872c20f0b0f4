package io.countersign.examples.ohttp;

import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.hpke.HPKE;

/** The AEADs offered here (RFC 9180 section 7.3). */
public enum Aead {
    AES_128_GCM(HPKE.aead_AES_GCM128, 16, "AES/GCM/NoPadding", "AES"),
    AES_256_GCM(HPKE.aead_AES_GCM256, 32, "AES/GCM/NoPadding", "AES"),
    CHACHA20_POLY1305(HPKE.aead_CHACHA20_POLY1305, 32, "ChaCha20-Poly1305", "ChaCha20");

    /** Nn, the same for all three. */
    static final int NONCE_LENGTH = 12;
    /** Nt, the same for all three. */
    static final int TAG_LENGTH = 16;

    private final short id;
    private final int keyLength;
    private final String transformation;
    private final String keyAlgorithm;

    Aead(short id, int keyLength, String transformation, String keyAlgorithm) {
        this.id = id;
        this.keyLength = keyLength;
        this.transformation = transformation;
        this.keyAlgorithm = keyAlgorithm;
    }

    short id() {
        return id;
    }

    int keyLength() {
        return keyLength;
    }

    static Optional<Aead> of(int id) {
        for (Aead aead : values()) {
            if (aead.id == id) {
                return Optional.of(aead);
            }
        }
        return Optional.empty();
    }

    byte[] seal(byte[] key, byte[] nonce, byte[] plain) {
        try {
            return run(Cipher.ENCRYPT_MODE, key, nonce, plain);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java cannot encrypt with " + this, e);
        }
    }

    byte[] open(byte[] key, byte[] nonce, byte[] sealed) throws GeneralSecurityException {
        return run(Cipher.DECRYPT_MODE, key, nonce, sealed);
    }

    private byte[] run(int mode, byte[] key, byte[] nonce, byte[] input) throws GeneralSecurityException {
        AlgorithmParameterSpec parameters = this == CHACHA20_POLY1305
                ? new IvParameterSpec(nonce)
                : new GCMParameterSpec(TAG_LENGTH * Byte.SIZE, nonce);
        Cipher cipher = Cipher.getInstance(transformation);
        cipher.init(mode, new SecretKeySpec(key, keyAlgorithm), parameters);
        return cipher.doFinal(input);
    }
}
