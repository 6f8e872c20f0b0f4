package io.countersign.service.collateral;

import io.countersign.verifier.trust.Availability;
import io.countersign.verifier.trust.EndorsementRef;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What gathering brought.
 *
 * @param found an answer for every endorsement that was wanted
 * @param retryAfter present when something could not be fetched, or something expired not renewed, just now: how long to
 *     wait before asking again
 */
public record Gathered(Map<EndorsementRef, Availability> found, Optional<Duration> retryAfter) {
    public Gathered {
        found = Map.copyOf(found);
    }
}
