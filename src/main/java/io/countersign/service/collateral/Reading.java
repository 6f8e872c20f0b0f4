package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import java.time.Instant;
import java.util.Optional;

/** What bytes say of themselves, enough to keep them or not. Nothing here is authenticated: the core judges. */
public sealed interface Reading {
    /**
     * They are of the expected kind and name what was asked for.
     *
     * @param validUntil the end of their window
     * @param edition where it stands in the sequence of its kind
     * @param key the SubjectPublicKeyInfo of a machine's certificate
     */
    record Fits(Optional<Instant> validUntil, Optional<Edition> edition, Optional<Bytes> key) implements Reading {}

    /** They are of the expected kind, but name something else: another chip, another TCB. */
    record Misfit(String why) implements Reading {}

    /** They are not of the expected kind at all. */
    record Unreadable(String why) implements Reading {}
}
