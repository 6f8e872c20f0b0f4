package io.countersign.service.store;

import io.countersign.verifier.bytes.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Remembers what may happen once. Every method that cannot be sure throws a {@code CountersignException} with
 * {@code store-unavailable}; none guesses.
 */
public interface OnceStore {
    /** The longest content that is remembered; longer ones are not, and nothing is said. */
    int MAX_CONTENT = 384 * 1024;

    /** What is spent stays known this long past its end, so that nobody whose clock is a little late finds it unspent. */
    Duration KEPT_PAST_END = Duration.ofMinutes(1);

    /** What happens once. */
    enum Kind {
        CHALLENGE,
        TOKEN
    }

    /** Whether something may happen. */
    enum Spending {
        SPENT_NOW,
        SPENT_BEFORE,
        /** It was made under another epoch, or ended long ago: whether it was spent is not known. */
        FORGOTTEN
    }

    /** The epoch under which something new is made. A late answer does no harm: what is made under an old one is void. */
    Epoch epoch();

    /**
     * One atomic step over all replicas: of any number of callers with one id, exactly one is told SPENT_NOW.
     *
     * @param madeUnder the epoch of the thing itself
     * @param until when it ends by itself; it is remembered a minute longer
     */
    Spending spend(Kind kind, Bytes id, Epoch madeUnder, Instant until, Instant now);

    /** A look that spends nothing; SPENT_NOW means that it could be. */
    Spending look(Kind kind, Bytes id, Epoch madeUnder);

    /** Keeps an answer for whoever asks the same again; what cannot be kept is not, and nothing is said. */
    void remember(Bytes name, Bytes content, Instant until, Instant now);

    /** What was kept under this name, if anything still is. */
    Optional<Bytes> recall(Bytes name, Instant now);

    /** How the store is, for health. */
    State state();

    /**
     * How a store is.
     *
     * @param kind {@code memory} or {@code redis}
     * @param trouble why it cannot be used just now
     * @param epochSeen when this replica first saw the present epoch, where epochs can end
     */
    record State(String kind, Optional<String> trouble, Optional<Instant> epochSeen) {}
}
