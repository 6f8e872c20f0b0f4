package io.countersign.service.collateral;

import java.time.Instant;
import java.util.Optional;

/**
 * How old one kind of endorsement is; certificates and answers that belong to one machine alone are left out, since they are
 * renewed only when that machine comes again.
 *
 * @param oldest when the oldest of them was fetched
 * @param nextExpiry when the first of them ends, by what its issuer says; empty when none says
 */
public record EndorsementAge(String kind, Instant oldest, Optional<Instant> nextExpiry) {}
