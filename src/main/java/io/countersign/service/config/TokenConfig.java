package io.countersign.service.config;

import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** How tokens are made. */
public interface TokenConfig {
    /** Lifetime at most; shorter when something the verdict rests on ends sooner. At most 300 s. */
    @WithDefault("300s")
    Duration lifetime();

    /** {@code ES256} or {@code ES384}: which key a new one is. */
    @WithDefault("ES256")
    String algorithm();

    /**
     * Folder of the key ring and of the keys that are files; {@code keys} in the data folder unless set. It may be read-only, a
     * mounted Secret for instance: then keys are made and withdrawn elsewhere.
     */
    Optional<Path> keysDir();

    Rotation rotation();

    Pkcs11 pkcs11();

    /** When a signing key gives way to the next one. */
    interface Rotation {
        /** How old the signing key may become before a new one is published; without it, only a command rotates. */
        Optional<Duration> every();

        /**
         * How long a key is published before it signs. At least what relying parties keep the key set for (300 s) and a
         * minute of clock skew.
         */
        @WithDefault("15m")
        Duration overlap();

        /** How often the folder of keys is read. */
        @WithDefault("2s")
        Duration poll();
    }

    /** A PKCS#11 token that holds the signing keys, instead of files. */
    interface Pkcs11 {
        /** The vendor's library; with it, keys are made and used in the token and never leave it. */
        Optional<Path> library();

        /** The token's label; needed where the library has several. */
        Optional<String> tokenLabel();

        /** File with the user PIN, and nothing else but a line end. */
        Optional<Path> pinFile();
    }
}
