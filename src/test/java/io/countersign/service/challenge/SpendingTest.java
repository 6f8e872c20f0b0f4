package io.countersign.service.challenge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.appraisal.Challenges;
import io.countersign.service.appraisal.Fresh;
import io.countersign.service.store.MemoryStore;
import io.countersign.service.store.OnceStore.Kind;
import io.countersign.service.store.OnceStore.Spending;
import io.countersign.verifier.bytes.Bytes;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** A challenge is spent once, also around its expiry, when what was spent is forgotten. */
class SpendingTest {
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final Instant EXPIRY = NOW.plusSeconds(10);
    private static final Bytes NONCE = Bytes.zeros(32);

    private final MemoryStore store = new MemoryStore(new SecureRandom(), InstantSource.system());
    private final Challenges challenges =
            new Challenges(new ChallengeNonces(Bytes.zeros(32), store, new SecureRandom()), store);

    @Test
    void challengeThatExpiredWhileEndorsementsWereFetchedIsNotSpent() {
        var challenge = new Fresh.Challenge(NONCE, EXPIRY, store.epoch());
        for (Instant late : new Instant[] {EXPIRY, EXPIRY.plus(Duration.ofHours(1))}) {
            var refused = assertThrows(CountersignException.class, () -> challenges.spend(challenge, late));
            assertEquals(ProblemCode.NONCE_EXPIRED, refused.problem().code());
        }
        challenges.spend(challenge, EXPIRY.minusMillis(1));
    }

    @Test
    void whatWasSpentIsRememberedPastItsExpiryAndThenForgotten() {
        assertEquals(Spending.SPENT_NOW, spend(NONCE, NOW));
        spend(Bytes.zeros(16), EXPIRY.plusSeconds(30));
        assertEquals(Spending.SPENT_BEFORE, store.look(Kind.CHALLENGE, NONCE, store.epoch()));
        spend(Bytes.zeros(17), EXPIRY.plusSeconds(90));
        assertEquals(Spending.SPENT_NOW, store.look(Kind.CHALLENGE, NONCE, store.epoch()));
    }

    private Spending spend(Bytes nonce, Instant now) {
        return store.spend(Kind.CHALLENGE, nonce, store.epoch(), EXPIRY, now);
    }
}
