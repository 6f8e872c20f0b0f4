package io.countersign.examples.ohttp;

import java.security.SecureRandom;

/** The gateway's side of one exchange: a request that was opened, and what seals its response. */
final class OpenedRequest {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] request;
    private final Aead aead;
    private final ResponseSecret responseSecret;

    OpenedRequest(byte[] request, Aead aead, ResponseSecret responseSecret) {
        this.request = request;
        this.aead = aead;
        this.responseSecret = responseSecret;
    }

    byte[] request() {
        return request.clone();
    }

    byte[] seal(byte[] response) {
        byte[] nonce = new byte[ResponseSecret.nonceLength(aead)];
        RANDOM.nextBytes(nonce);
        return seal(response, nonce);
    }

    /** With a given nonce, for the standard's own example. */
    byte[] seal(byte[] response, byte[] nonce) {
        return responseSecret.seal(response, nonce);
    }
}
