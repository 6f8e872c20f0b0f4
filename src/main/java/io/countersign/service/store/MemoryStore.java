package io.countersign.service.store;

import io.countersign.verifier.bytes.Bytes;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The store of one replica: it lasts as long as the process, and so does its epoch, unless the clock is set back by more than
 * what ended is kept. Then new things would end before others that are forgotten already, so a new epoch begins instead.
 *
 * <p>What was spent is never dropped before its time to make room: only favourable attestations and known callers spend, so
 * nobody else can fill it, and when it is full all the same, nothing more happens until something ends.
 */
public final class MemoryStore implements OnceStore {
    /** About 200 bytes each: a thousand attestations a second, with challenges of five minutes, need a third of this. */
    static final int MAX_SPENT = 1_000_000;

    private static final long SWEEP_EVERY_SECONDS = 10;

    private final SecureRandom random;
    private final InstantSource clock;
    private final int maxSpent;
    private final AtomicReference<Memory> memory;
    private final RememberedAnswers answers = new RememberedAnswers();

    public MemoryStore(SecureRandom random, InstantSource clock) {
        this(random, clock, MAX_SPENT);
    }

    MemoryStore(SecureRandom random, InstantSource clock, int maxSpent) {
        this.random = random;
        this.clock = clock;
        this.maxSpent = maxSpent;
        this.memory = new AtomicReference<>(new Memory(freshEpoch()));
    }

    private Epoch freshEpoch() {
        byte[] tag = new byte[Epoch.LENGTH];
        random.nextBytes(tag);
        return new Epoch(Bytes.copyOf(tag));
    }

    @Override
    public Epoch epoch() {
        Memory current = memory.get();
        if (!current.forgottenBefore.get().isAfter(clock.instant())) {
            return current.epoch;
        }
        memory.compareAndSet(current, new Memory(freshEpoch()));
        return memory.get().epoch;
    }

    @Override
    public Spending spend(Kind kind, Bytes id, Epoch madeUnder, Instant until, Instant now) {
        Memory current = memory.get();
        return madeUnder.equals(current.epoch)
                ? current.spend(new Name(kind, id), until, now, maxSpent)
                : Spending.FORGOTTEN;
    }

    @Override
    public Spending look(Kind kind, Bytes id, Epoch madeUnder) {
        Memory current = memory.get();
        if (!madeUnder.equals(current.epoch)) {
            return Spending.FORGOTTEN;
        }
        return current.spent.containsKey(new Name(kind, id)) ? Spending.SPENT_BEFORE : Spending.SPENT_NOW;
    }

    @Override
    public void remember(Bytes name, Bytes content, Instant until, Instant now) {
        answers.remember(name, content, until, now);
    }

    @Override
    public Optional<Bytes> recall(Bytes name, Instant now) {
        return answers.recall(name, now);
    }

    @Override
    public State state() {
        return new State("memory", Optional.empty(), Optional.empty());
    }

    private record Name(Kind kind, Bytes id) {}

    /** What is remembered under one epoch. */
    private static final class Memory {
        private final Epoch epoch;
        private final ConcurrentMap<Name, Instant> spent = new ConcurrentHashMap<>();
        private final AtomicReference<Instant> nextSweep = new AtomicReference<>(Instant.MIN);
        /** What ended before this may have been forgotten; it only grows, whatever the clock does. */
        private final AtomicReference<Instant> forgottenBefore = new AtomicReference<>(Instant.MIN);

        Memory(Epoch epoch) {
            this.epoch = epoch;
        }

        Spending spend(Name name, Instant until, Instant now, int maxSpent) {
            sweep(now);
            if (spent.size() >= maxSpent) {
                forget(now);
                if (spent.size() >= maxSpent) {
                    throw StoreUnavailable.because(
                            "The service remembers as many spent challenges and tokens as it can hold.");
                }
            }
            Spending spending = spent.putIfAbsent(name, until) == null ? Spending.SPENT_NOW : Spending.SPENT_BEFORE;
            // Looked at after the entry is in. Forgetting raises the mark before it removes: nothing goes unseen.
            return until.isBefore(forgottenBefore.get()) ? Spending.FORGOTTEN : spending;
        }

        private void sweep(Instant now) {
            Instant due = nextSweep.get();
            if (now.isAfter(due) && nextSweep.compareAndSet(due, now.plusSeconds(SWEEP_EVERY_SECONDS))) {
                forget(now);
            }
        }

        private void forget(Instant now) {
            Instant before = now.minus(KEPT_PAST_END);
            forgottenBefore.accumulateAndGet(before, (one, other) -> one.isAfter(other) ? one : other);
            spent.values().removeIf(until -> until.isBefore(before));
        }
    }
}
