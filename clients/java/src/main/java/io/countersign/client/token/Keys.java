package io.countersign.client.token;

import com.nimbusds.jose.jwk.ECKey;
import java.util.Set;

/** The service's public keys, wherever they come from. */
interface Keys {
    Lookup find(String keyId);

    /** What was found. */
    sealed interface Lookup {
        record Found(ECKey key) implements Lookup {}

        /** The keys are known, and this is none of them. */
        record Unknown(Set<String> known) implements Lookup {}

        /** The keys are not known just now. */
        record Unavailable(String why, String hint) implements Lookup {}
    }
}
