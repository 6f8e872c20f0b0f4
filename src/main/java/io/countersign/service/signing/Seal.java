package io.countersign.service.signing;

import com.nimbusds.jose.JWSObject;

/** A private key ready for use, wherever it is. */
@FunctionalInterface
public interface Seal {
    /** Signs it, or says why that cannot be done just now. */
    void sign(JWSObject token) throws KeyTroubleException;
}
