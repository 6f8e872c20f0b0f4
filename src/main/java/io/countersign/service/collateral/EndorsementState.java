package io.countersign.service.collateral;

import java.time.Instant;
import java.util.Optional;

/**
 * How things stand with one kind of endorsement of one product, for health data and metrics. Certificates of machines are
 * counted together: no machine can be told from this.
 *
 * @param held how many are in memory
 * @param fetchedAt when the newest of them came
 * @param freshUntil when the first of them should be replaced; past it, renewing has failed so far
 * @param lastFailure the last fetch that brought nothing usable, also when one has succeeded since
 */
public record EndorsementState(
        String kind,
        String product,
        int held,
        Optional<Instant> fetchedAt,
        Optional<Instant> freshUntil,
        Optional<Failure> lastFailure) {
    /** A fetch that brought nothing usable. */
    public record Failure(Instant at, String why) {}
}
