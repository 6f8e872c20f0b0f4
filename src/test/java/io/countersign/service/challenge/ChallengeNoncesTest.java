package io.countersign.service.challenge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.countersign.service.challenge.ChallengeNonces.Recognition;
import io.countersign.service.store.Epoch;
import io.countersign.service.store.MemoryStore;
import io.countersign.verifier.bytes.Bytes;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** Challenges are of one secret and one epoch; what they are beside that, ChallengeTest shows over HTTP. */
class ChallengeNoncesTest {
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Bytes SECRET = Bytes.utf8("0123456789abcdef0123456789abcdef");

    private final MemoryStore store = new MemoryStore(RANDOM, InstantSource.system());
    private final ChallengeNonces nonces = new ChallengeNonces(SECRET, store, RANDOM);
    private final Bytes nonce = nonces.issue(NOW, Duration.ofMinutes(5), "https://kms.example", "");

    private Recognition recognise(ChallengeNonces by, Bytes what, Epoch epoch) {
        return by.recognise(what, epoch, NOW, "https://kms.example", "policy");
    }

    @Test
    void replicaWithTheSameSecretAndEpochRecognisesIt() {
        var replica = new ChallengeNonces(SECRET, new MemoryStore(RANDOM, InstantSource.system()), RANDOM);
        assertEquals(new Recognition.Ours(NOW.plusSeconds(300)), recognise(replica, nonce, store.epoch()));
    }

    @Test
    void anotherSecretDoesNot() {
        var stranger = new ChallengeNonces(Bytes.zeros(32), store, RANDOM);
        assertInstanceOf(Recognition.Unknown.class, recognise(stranger, nonce, store.epoch()));
    }

    @Test
    void anotherEpochIsUnknownAndTheFirstIsStillItself() {
        Epoch another = new MemoryStore(RANDOM, InstantSource.system()).epoch();
        assertInstanceOf(Recognition.Unknown.class, recognise(nonces, nonce, another));
        assertInstanceOf(Recognition.Ours.class, recognise(nonces, nonce, store.epoch()));
    }

    @Test
    void everyBitCounts() {
        for (int bit = 3 * 8; bit < nonce.length() * 8; bit++) {
            byte[] flipped = nonce.toByteArray();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertInstanceOf(Recognition.Unknown.class, recognise(nonces, Bytes.copyOf(flipped), store.epoch()));
        }
    }
}
