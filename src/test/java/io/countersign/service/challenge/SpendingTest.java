package io.countersign.service.challenge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.appraisal.Challenges;
import io.countersign.service.challenge.SpentNonces.Spending;
import io.countersign.verifier.bytes.Bytes;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A challenge is spent once, also around its expiry, when what was spent is forgotten. */
class SpendingTest {
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final Instant EXPIRY = NOW.plusSeconds(10);
    private static final Bytes NONCE = Bytes.zeros(32);

    private final SpentNonces spent = new SpentNonces();
    private final Challenges challenges =
            new Challenges(new ChallengeNonces(Bytes.zeros(32), new SecureRandom()), spent);

    @Test
    void challengeThatExpiredWhileEndorsementsWereFetchedIsNotSpent() {
        for (Instant late : new Instant[] {EXPIRY, EXPIRY.plus(Duration.ofHours(1))}) {
            var refused = assertThrows(CountersignException.class, () -> challenges.spend(NONCE, EXPIRY, late));
            assertEquals(ProblemCode.NONCE_EXPIRED, refused.problem().code());
        }
        challenges.spend(NONCE, EXPIRY, EXPIRY.minusMillis(1));
    }

    @Test
    void whatWasSpentIsRememberedPastItsExpiryAndThenForgotten() {
        assertEquals(Spending.SPENT_NOW, spent.spend(NONCE, EXPIRY, NOW));
        spent.spend(Bytes.zeros(16), EXPIRY, EXPIRY.plusSeconds(30));
        assertEquals(Spending.SPENT_BEFORE, spent.look(NONCE));
        spent.spend(Bytes.zeros(17), EXPIRY, EXPIRY.plusSeconds(90));
        assertEquals(Spending.SPENT_NOW, spent.look(NONCE));
    }
}
