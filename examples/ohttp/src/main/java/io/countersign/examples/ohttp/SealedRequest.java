package io.countersign.examples.ohttp;

import java.nio.ByteBuffer;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;

/** The client's side of one exchange: a request that is encrypted, and what opens its response. */
final class SealedRequest {
    private final byte[] message;
    private final ResponseSecret responseSecret;

    private SealedRequest(byte[] message, ResponseSecret responseSecret) {
        this.message = message;
        this.responseSecret = responseSecret;
    }

    static SealedRequest seal(KeyConfig config, Aead aead, byte[] request) {
        return seal(config, aead, request, Hpke.newKeyPair(config.kem()));
    }

    /** With a given ephemeral key, for the standard's own example; otherwise one that is made for this request alone. */
    static SealedRequest seal(KeyConfig config, Aead aead, byte[] request, AsymmetricCipherKeyPair ephemeral) {
        var header = new RequestHeader(config.keyId(), config.kem().id(), KeyConfig.Suite.of(aead));
        HPKEContextWithEncapsulation context =
                Hpke.suite(config.kem(), aead).setupBaseS(config.publicKey().parameter(), header.info(), ephemeral);
        try {
            byte[] sealed = context.seal(new byte[0], request);
            byte[] encapsulated = context.getEncapsulation();
            byte[] start = header.encode();
            byte[] message = ByteBuffer.allocate(start.length + encapsulated.length + sealed.length)
                    .put(start)
                    .put(encapsulated)
                    .put(sealed)
                    .array();
            return new SealedRequest(message, new ResponseSecret(aead, encapsulated, context));
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("Sealing cannot fail", e);
        }
    }

    byte[] message() {
        return message.clone();
    }

    byte[] open(byte[] response) throws MalformedException {
        return responseSecret.open(response);
    }
}
