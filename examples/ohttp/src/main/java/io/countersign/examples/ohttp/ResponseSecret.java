package io.countersign.examples.ohttp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import org.bouncycastle.crypto.hpke.HPKEContext;

/** What client and gateway share after a request, and the response is encrypted with (RFC 9458 section 4.4). */
final class ResponseSecret {
    private static final byte[] LABEL = "message/bhttp response".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KEY = "key".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NONCE = "nonce".getBytes(StandardCharsets.US_ASCII);

    private final Aead aead;
    private final byte[] encapsulatedKey;
    private final byte[] secret;

    ResponseSecret(Aead aead, byte[] encapsulatedKey, HPKEContext context) {
        this.aead = aead;
        this.encapsulatedKey = encapsulatedKey;
        this.secret = context.export(LABEL, nonceLength(aead));
    }

    /** The longer of Nn and Nk. */
    static int nonceLength(Aead aead) {
        return Math.max(Aead.NONCE_LENGTH, aead.keyLength());
    }

    /** The nonce in front, then the sealed response. */
    byte[] seal(byte[] response, byte[] nonce) {
        byte[] sealed =
                aead.seal(derive(nonce, KEY, aead.keyLength()), derive(nonce, NONCE, Aead.NONCE_LENGTH), response);
        return ByteBuffer.allocate(nonce.length + sealed.length)
                .put(nonce)
                .put(sealed)
                .array();
    }

    byte[] open(byte[] message) throws MalformedException {
        int nonceLength = nonceLength(aead);
        if (message.length < nonceLength + Aead.TAG_LENGTH) {
            throw new MalformedException("The encapsulated response has " + message.length
                    + " bytes; expected at least " + (nonceLength + Aead.TAG_LENGTH));
        }
        byte[] nonce = Arrays.copyOf(message, nonceLength);
        byte[] sealed = Arrays.copyOfRange(message, nonceLength, message.length);
        try {
            return aead.open(derive(nonce, KEY, aead.keyLength()), derive(nonce, NONCE, Aead.NONCE_LENGTH), sealed);
        } catch (GeneralSecurityException _) {
            throw new MalformedException(
                    "The encapsulated response does not decrypt: it was altered, or answers another request");
        }
    }

    private byte[] derive(byte[] nonce, byte[] info, int length) {
        byte[] salt = ByteBuffer.allocate(encapsulatedKey.length + nonce.length)
                .put(encapsulatedKey)
                .put(nonce)
                .array();
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.ofExtract()
                            .addIKM(secret)
                            .addSalt(salt)
                            .thenExpand(info, length));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no HKDF-SHA256", e);
        }
    }
}
