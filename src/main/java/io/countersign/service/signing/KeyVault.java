package io.countersign.service.signing;

import com.nimbusds.jose.jwk.ECKey;

/** A place where private keys are made, kept and used. */
public interface KeyVault {
    /** A key that was just made: its public half, with kid, alg and use, and where the private one is. */
    record Made(ECKey publicJwk, RingKey.Home home) {}

    Made make(SigningAlgorithm algorithm) throws KeyTroubleException;

    /** Makes a private key ready for use; that it belongs to the public one is certain then. */
    Seal open(RingKey key) throws KeyTroubleException;

    /** Removes a private key for ever; that it is gone already is fine. */
    void destroy(RingKey key) throws KeyTroubleException;
}
