package io.countersign.service.challenge;

import io.countersign.verifier.bytes.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;

/** Remembers spent challenges until they would have expired anyway. */
public final class SpentNonces {
    /** Whether a challenge could be spent. */
    public enum Spending {
        SPENT_NOW,
        SPENT_BEFORE
    }

    /** Kept a while past their end, so that no request that is already past its own look at the clock finds one gone. */
    private static final Duration KEPT_PAST_EXPIRY = Duration.ofMinutes(1);

    private final ConcurrentMap<Bytes, Instant> spent = new ConcurrentHashMap<>();
    private final AtomicReference<Instant> nextSweep = new AtomicReference<>(Instant.MIN);

    /** One atomic step: of any number of callers with one nonce, exactly one is told SPENT_NOW. */
    public Spending spend(Bytes nonce, Instant expiresAt, Instant now) {
        sweep(now);
        return spent.putIfAbsent(nonce, expiresAt) == null ? Spending.SPENT_NOW : Spending.SPENT_BEFORE;
    }

    /** A look that spends nothing, to refuse early what will be refused anyway. */
    public Spending look(Bytes nonce) {
        return spent.containsKey(nonce) ? Spending.SPENT_BEFORE : Spending.SPENT_NOW;
    }

    private void sweep(Instant now) {
        Instant due = nextSweep.get();
        if (now.isAfter(due) && nextSweep.compareAndSet(due, now.plusSeconds(10))) {
            spent.values()
                    .removeIf(expiresAt -> expiresAt.plus(KEPT_PAST_EXPIRY).isBefore(now));
        }
    }
}
