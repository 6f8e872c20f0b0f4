package io.countersign.service.appraisal;

import io.countersign.service.store.Epoch;
import io.countersign.verifier.bytes.Bytes;
import java.time.Instant;

/** What makes the evidence of one request fresh. */
public sealed interface Fresh {
    /** The epoch under which the token is made: whether it was consumed is known for as long as that lasts. */
    Epoch madeUnder();

    /** A challenge of this service, recognised and not yet spent. */
    record Challenge(Bytes nonce, Instant expiresAt, Epoch madeUnder) implements Fresh {}

    /** A nonce of a caller that may bring its own; whether it is used once is that caller's business. */
    record OfCaller(String caller, Epoch madeUnder) implements Fresh {}
}
