package io.countersign.service.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.countersign.service.store.OnceStore.Kind;
import io.countersign.service.store.OnceStore.Spending;
import io.countersign.verifier.bytes.Bytes;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every store holds to, whatever it is made of. */
abstract class OnceStoreContract {
    static final SecureRandom RANDOM = new SecureRandom();
    static final Epoch ANOTHER = new Epoch(Bytes.fromHex("0102030405060708"));

    final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    final Instant until = now.plusSeconds(300);

    /** Stores that share what they know, as replicas do; the embedded one is alone. */
    abstract List<? extends OnceStore> replicas();

    OnceStore store() {
        return replicas().getFirst();
    }

    static Bytes id() {
        byte[] id = new byte[32];
        RANDOM.nextBytes(id);
        return Bytes.copyOf(id);
    }

    Spending spend(OnceStore store, Bytes id) {
        return store.spend(Kind.CHALLENGE, id, store.epoch(), until, now);
    }

    @Test
    void whatIsSpentIsSpentForAllReplicas() {
        Bytes id = id();
        assertEquals(Spending.SPENT_NOW, spend(store(), id));
        for (OnceStore replica : replicas()) {
            assertEquals(Spending.SPENT_BEFORE, spend(replica, id));
            assertEquals(Spending.SPENT_BEFORE, replica.look(Kind.CHALLENGE, id, replica.epoch()));
        }
    }

    @Test
    void replicasHaveOneEpoch() {
        replicas().forEach(replica -> assertEquals(store().epoch(), replica.epoch()));
    }

    @Test
    void lookSpendsNothing() {
        Bytes id = id();
        assertEquals(Spending.SPENT_NOW, store().look(Kind.CHALLENGE, id, store().epoch()));
        assertEquals(Spending.SPENT_NOW, store().look(Kind.CHALLENGE, id, store().epoch()));
        assertEquals(Spending.SPENT_NOW, spend(store(), id));
    }

    @Test
    void challengesAndTokensAreSpentApart() {
        Bytes id = id();
        assertEquals(Spending.SPENT_NOW, spend(store(), id));
        assertEquals(Spending.SPENT_NOW, store().spend(Kind.TOKEN, id, store().epoch(), until, now));
        assertEquals(Spending.SPENT_BEFORE, store().look(Kind.TOKEN, id, store().epoch()));
    }

    @Test
    void whatWasMadeUnderAnotherEpochIsForgottenAndNotSpent() {
        Bytes id = id();
        assertEquals(Spending.FORGOTTEN, store().spend(Kind.TOKEN, id, ANOTHER, until, now));
        assertEquals(Spending.FORGOTTEN, store().look(Kind.TOKEN, id, ANOTHER));
        assertEquals(Spending.SPENT_NOW, store().look(Kind.TOKEN, id, store().epoch()));
    }

    @Test
    void whatEndedLongAgoIsForgottenAndNotSpent() {
        Instant longAgo = now.minus(OnceStore.KEPT_PAST_END).minusMillis(1);
        assertEquals(Spending.FORGOTTEN, store().spend(Kind.CHALLENGE, id(), store().epoch(), longAgo, now));
    }

    @Test
    void ofManyCallersWithOneIdExactlyOneGetsThrough() throws Exception {
        int callers = 32;
        try (var threads = Executors.newFixedThreadPool(callers)) {
            for (int round = 0; round < 50; round++) {
                Bytes id = id();
                var together = new CyclicBarrier(callers);
                var spendings = new ArrayList<Callable<Spending>>();
                for (int caller = 0; caller < callers; caller++) {
                    OnceStore replica = replicas().get(caller % replicas().size());
                    spendings.add(() -> {
                        together.await();
                        return spend(replica, id);
                    });
                }
                List<Spending> answers = threads.invokeAll(spendings).stream()
                        .map(OnceStoreContract::done)
                        .toList();
                assertEquals(1, Collections.frequency(answers, Spending.SPENT_NOW));
                assertEquals(callers - 1, Collections.frequency(answers, Spending.SPENT_BEFORE));
            }
        }
    }

    static <T> T done(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void contentIsRecalledByEveryReplicaUntilItsEnd() {
        Bytes name = id();
        Bytes content = Bytes.zeros(256 * 1024);
        assertEquals(Optional.empty(), store().recall(name, now));
        store().remember(name, content, until, now);
        for (OnceStore replica : replicas()) {
            assertEquals(Optional.of(content), replica.recall(name, now));
            assertEquals(Optional.of(content), replica.recall(name, until.minusMillis(1)));
            assertEquals(Optional.empty(), replica.recall(id(), now));
        }
        for (OnceStore replica : replicas()) {
            assertEquals(Optional.empty(), replica.recall(name, until));
        }
    }

    @Test
    void emptyContentIsContent() {
        Bytes name = id();
        store().remember(name, Bytes.empty(), until, now);
        assertEquals(Optional.of(Bytes.empty()), store().recall(name, now));
    }

    @Test
    void contentThatIsTooLongOrOverIsNotKept() {
        Bytes name = id();
        store().remember(name, Bytes.zeros(OnceStore.MAX_CONTENT + 1), until, now);
        assertEquals(Optional.empty(), store().recall(name, now));
        store().remember(name, Bytes.zeros(1), now, now);
        assertEquals(Optional.empty(), store().recall(name, now.minusSeconds(1)));
        store().remember(name, Bytes.zeros(OnceStore.MAX_CONTENT), until, now);
        assertEquals(
                OnceStore.MAX_CONTENT, store().recall(name, now).orElseThrow().length());
    }

    @Test
    void storeThatCanBeUsedHasNoTrouble() {
        assertEquals(Optional.empty(), store().state().trouble());
    }
}
