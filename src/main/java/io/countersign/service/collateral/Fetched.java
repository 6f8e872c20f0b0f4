package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import java.time.Duration;
import java.util.Optional;

/** How one fetch ended. */
public sealed interface Fetched {
    record Received(Bytes content) implements Fetched {}

    /**
     * Nothing usable came.
     *
     * @param why a plain sentence that names at most the host, and quotes nothing the vendor sent
     * @param retryAfter how long the vendor asks to be left alone
     */
    record Failed(FetchFailure kind, String why, Optional<Duration> retryAfter) implements Fetched {
        Failed(FetchFailure kind, String why) {
            this(kind, why, Optional.empty());
        }
    }
}
