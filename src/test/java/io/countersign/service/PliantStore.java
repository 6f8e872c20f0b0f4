package io.countersign.service;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.Problem;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.store.Epoch;
import io.countersign.service.store.MemoryStore;
import io.countersign.service.store.OnceStore;
import io.countersign.verifier.bytes.Bytes;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A store in memory that remembers answers, and that a test can take away or make forget. */
@Alternative
@Singleton
public class PliantStore implements OnceStore {
    private record Kept(Bytes content, Instant until) {}

    private final Map<Bytes, Kept> kept = new ConcurrentHashMap<>();
    private final InstantSource clock;
    private volatile MemoryStore spent;
    private volatile boolean away;
    private volatile boolean spendsNothing;
    private volatile Optional<Epoch> believed = Optional.empty();

    PliantStore(InstantSource clock) {
        this.clock = clock;
        this.spent = new MemoryStore(new SecureRandom(), clock);
    }

    /** Forgets what was spent, and nothing else, as a store does that was restored from an old copy. */
    void forgetWhatWasSpent() {
        spent = new MemoryStore(new SecureRandom(), clock);
    }

    /** Forgets in the same way, and goes on naming the epoch of before, as a replica does that has not noticed yet. */
    void forgetUnnoticed() {
        believed = Optional.of(spent.epoch());
        forgetWhatWasSpent();
    }

    void goAway() {
        away = true;
    }

    /** Looks go well, and what was to be spent cannot be. */
    void failSpending() {
        spendsNothing = true;
    }

    void comeBack() {
        away = false;
        spendsNothing = false;
        believed = Optional.empty();
    }

    /** Everything that somebody who reads the store sees of the answers in it. */
    Iterable<Bytes> everythingKept() {
        return kept.values().stream().map(Kept::content).toList();
    }

    /** Spoils a bit in each kept answer. */
    void spoilEverythingKept() {
        kept.replaceAll((_, before) -> {
            byte[] bytes = before.content().toByteArray();
            bytes[bytes.length - 1] ^= 1;
            return new Kept(Bytes.copyOf(bytes), before.until());
        });
    }

    private MemoryStore store() {
        if (away) {
            throw unavailable();
        }
        return spent;
    }

    private static CountersignException unavailable() {
        return new CountersignException(Problem.of(ProblemCode.STORE_UNAVAILABLE, "The store is away.", "Try again.")
                .retryAfter(Duration.ofSeconds(2)));
    }

    @Override
    public Epoch epoch() {
        Epoch present = store().epoch();
        return believed.orElse(present);
    }

    @Override
    public Spending spend(Kind kind, Bytes id, Epoch madeUnder, Instant until, Instant now) {
        if (spendsNothing) {
            throw unavailable();
        }
        return store().spend(kind, id, madeUnder, until, now);
    }

    @Override
    public Spending look(Kind kind, Bytes id, Epoch madeUnder) {
        return store().look(kind, id, madeUnder);
    }

    @Override
    public void remember(Bytes name, Bytes content, Instant until, Instant now) {
        if (!away) {
            kept.put(name, new Kept(content, until));
        }
    }

    /** Keeps answers for ever, so that it shows whether the service itself looks at their ends. */
    @Override
    public Optional<Bytes> recall(Bytes name, Instant now) {
        store();
        return Optional.ofNullable(kept.get(name)).map(Kept::content);
    }

    @Override
    public State state() {
        return spent.state();
    }
}
