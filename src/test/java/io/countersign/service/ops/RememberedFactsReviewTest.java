package io.countersign.service.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.SignatureFacts;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Anybody may send one signed statement in any number of spellings: what is remembered of them stays bounded. */
class RememberedFactsReviewTest {
    private static final int KIBIBYTE = 1024;

    private record Large(int bytes) implements SignatureFacts.Sized {}

    private static SignatureFacts.Key key(int number) {
        return new SignatureFacts.Key("test", Bytes.utf8("spelling " + number), Bytes.empty());
    }

    @Test
    void holdsAsManyLargeFactsAsTakeTheRoomOfTheOrdinaryOnes() {
        var facts = new RememberedFacts(1000, Runnable::run);
        IntStream.range(0, 1000).forEach(number -> facts.remember(key(number), new Large(64 * KIBIBYTE)));
        long held = IntStream.range(0, 1000)
                .filter(number -> facts.recall(key(number), Large.class).isPresent())
                .count();
        assertTrue(held * 64 <= 1000 * 4, held + " facts of 64 KiB are held");
        assertTrue(held > 0, "nothing is remembered");
    }

    @Test
    void holdsTheStatedNumberOfOrdinaryFacts() {
        var facts = new RememberedFacts(1000, Runnable::run);
        IntStream.range(0, 1000).forEach(number -> facts.remember(key(number), "a fact"));
        assertEquals(
                1000,
                IntStream.range(0, 1000)
                        .filter(number ->
                                facts.recall(key(number), String.class).isPresent())
                        .count());
    }
}
