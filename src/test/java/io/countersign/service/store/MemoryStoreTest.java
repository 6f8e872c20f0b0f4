package io.countersign.service.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.store.OnceStore.Kind;
import io.countersign.service.store.OnceStore.Spending;
import io.countersign.verifier.bytes.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MemoryStoreTest extends OnceStoreContract {
    private final MemoryStore store = new MemoryStore(RANDOM, InstantSource.system());

    @Override
    List<MemoryStore> replicas() {
        return List.of(store);
    }

    @Test
    void everyProcessHasAnEpochOfItsOwn() {
        assertNotEquals(store.epoch(), new MemoryStore(RANDOM, InstantSource.system()).epoch());
    }

    @Test
    void fullStoreRefusesRatherThanForgets() {
        var small = new MemoryStore(RANDOM, InstantSource.system(), 2);
        Bytes first = id();
        spend(small, first);
        spend(small, id());
        var refused = assertThrows(CountersignException.class, () -> spend(small, id()));
        assertEquals(ProblemCode.STORE_UNAVAILABLE, refused.problem().code());
        assertTrue(refused.problem().retryAfter().isPresent());
        assertEquals(Spending.SPENT_BEFORE, small.look(Kind.CHALLENGE, first, small.epoch()));
        var later = until.plusSeconds(61);
        assertEquals(
                Spending.SPENT_NOW, small.spend(Kind.CHALLENGE, id(), small.epoch(), later.plusSeconds(300), later));
    }

    @Test
    void clockThatIsSetBackBringsNothingBack() {
        Bytes id = id();
        Epoch madeUnder = store.epoch();
        store.spend(Kind.CHALLENGE, id, madeUnder, until, now);
        var later = until.plusSeconds(61);
        store.spend(Kind.CHALLENGE, id(), madeUnder, later.plusSeconds(300), later);
        assertEquals(Spending.FORGOTTEN, store.spend(Kind.CHALLENGE, id, madeUnder, until, now));
    }

    @Test
    void clockThatIsSetBackFarBeginsANewEpochInsteadOfVoidingEverythingNew() {
        var clock = new AtomicReference<>(now);
        var own = new MemoryStore(RANDOM, clock::get);
        Bytes id = id();
        Epoch before = own.epoch();
        assertEquals(Spending.SPENT_NOW, own.spend(Kind.CHALLENGE, id, before, until, now));
        Instant wrong = now.plus(Duration.ofDays(1));
        own.spend(Kind.CHALLENGE, id(), before, wrong.plusSeconds(300), wrong);
        Epoch after = own.epoch();
        assertNotEquals(before, after);
        assertEquals(after, own.epoch());
        assertEquals(Spending.FORGOTTEN, own.spend(Kind.CHALLENGE, id, before, until, now));
        assertEquals(Spending.SPENT_NOW, own.spend(Kind.CHALLENGE, id, after, until, now));
    }

    @Test
    void answersFillNoMoreThanTheirShareOfMemory() {
        var answers = new RememberedAnswers();
        Bytes large = Bytes.zeros(OnceStore.MAX_CONTENT);
        Bytes first = id();
        Bytes last = first;
        answers.remember(first, large, until, now);
        for (int i = 0; i < 200; i++) {
            last = id();
            answers.remember(last, large, until, now);
        }
        assertTrue(answers.bytes() <= RememberedAnswers.MAX_BYTES);
        assertEquals(Optional.empty(), answers.recall(first, now));
        assertEquals(Optional.of(large), answers.recall(last, now));
    }

    @Test
    void answersAreNoMoreThanTheirNumber() {
        var answers = new RememberedAnswers();
        Bytes first = id();
        answers.remember(first, Bytes.zeros(1), until, now);
        for (int i = 0; i < RememberedAnswers.MAX_ANSWERS; i++) {
            answers.remember(id(), Bytes.zeros(1), until, now);
        }
        assertEquals(Optional.empty(), answers.recall(first, now));
        assertEquals(33L * RememberedAnswers.MAX_ANSWERS, answers.bytes());
    }

    @Test
    void answerThatIsReplacedCountsOnce() {
        var answers = new RememberedAnswers();
        Bytes name = id();
        answers.remember(name, Bytes.zeros(100), until, now);
        answers.remember(name, Bytes.zeros(10), until, now);
        assertEquals(name.length() + 10, answers.bytes());
        assertEquals(Optional.of(Bytes.zeros(10)), answers.recall(name, now));
        answers.recall(name, until);
        assertEquals(0, answers.bytes());
    }
}
