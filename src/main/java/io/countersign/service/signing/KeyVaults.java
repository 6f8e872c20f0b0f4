package io.countersign.service.signing;

import io.countersign.service.signing.RingKey.Home;
import java.util.Optional;

/**
 * The places where private keys are.
 *
 * @param token a PKCS#11 token, where one is configured; new keys are made there then
 */
public record KeyVaults(FileVault files, Optional<KeyVault> token) {
    /** Where new keys are made. */
    KeyVault forNewKeys() {
        return token.isPresent() ? token.get() : files;
    }

    KeyVault of(RingKey key) throws KeyTroubleException {
        return switch (key.home()) {
            case Home.InFile _ -> files;
            case Home.InToken _ ->
                token.orElseThrow(() -> new KeyTroubleException(
                        "the key %s is in a PKCS#11 token, and none is configured; set countersign.token.pkcs11.library and pin-file"
                                .formatted(key.kid())));
        };
    }

    /** Whether a key is where new ones are made. */
    boolean wouldMakeThere(RingKey key) {
        return switch (key.home()) {
            case Home.InFile _ -> token.isEmpty();
            case Home.InToken _ -> token.isPresent();
        };
    }
}
