package io.countersign.service.signing;

import static io.countersign.service.signing.Rings.at;
import static io.countersign.service.signing.Rings.key;
import static io.countersign.service.signing.Rings.ring;
import static io.countersign.service.signing.Rings.withdrawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.service.signing.Standing.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a key is good for, as a function of the ring and the time. */
class KeyRingTest {
    /** The states of the keys in the order in which they stand in the ring. */
    private static String states(KeyRing ring, long seconds) {
        return ring.keys().stream()
                .map(key -> state(ring, key, at(seconds)).word())
                .collect(Collectors.joining(" "));
    }

    private static State state(KeyRing ring, RingKey key, Instant now) {
        return ring.at(now).stream()
                .filter(each -> each.key().equals(key))
                .findFirst()
                .orElseThrow()
                .state();
    }

    @ParameterizedTest
    @CsvSource({
        // A clock that is behind leaves no service without a key.
        "-5000, active next",
        "-1, active next",
        "0, active next",
        "999, active next",
        "1000, retiring active",
        "1659, retiring active",
        "1660, gone active",
        "9999, gone active",
    })
    void aRotation(long seconds, String expected) {
        assertEquals(expected, states(ring(key(0), key(1000)), seconds));
    }

    @ParameterizedTest
    @CsvSource({"999, active next next", "1000, retiring retiring active", "1660, gone gone active"})
    void ofTwoWithTheSameTimeTheLaterAddedSigns(long seconds, String expected) {
        assertEquals(expected, states(ring(key(0), key(1000), key(1000)), seconds));
    }

    @Test
    void theOrderInTheRingDoesNotMatterOtherwise() {
        assertEquals("active retiring next", states(ring(key(1000), key(0), key(2000)), 1500));
    }

    @ParameterizedTest
    @CsvSource({"0, withdrawn active", "500, withdrawn active", "1000, withdrawn active"})
    void theNextTakesThePlaceOfAWithdrawnOneBeforeItsTime(long seconds, String expected) {
        assertEquals(expected, states(ring(withdrawn(0, 300), key(1000)), seconds));
    }

    @Test
    void aWithdrawalCountsAsSoonAsItIsReadWhateverTheClockSays() {
        assertEquals("withdrawn active", states(ring(withdrawn(0, 300), key(1000)), 299));
    }

    @Test
    void withoutANextOneNothingSigns() {
        KeyRing ring = ring(withdrawn(0, 300));
        assertTrue(ring.active(at(300)).isEmpty());
        assertTrue(ring.published(at(300)).isEmpty());
    }

    @Test
    void whatWasReplacedNeverComesBack() {
        KeyRing ring = ring(key(0), withdrawn(1000, 1200));
        assertEquals("retiring withdrawn", states(ring, 1300));
        assertEquals("gone withdrawn", states(ring, 1660));
        assertTrue(ring.active(at(1300)).isEmpty());
    }

    @Test
    void aNextOneThatWasWithdrawnBeforeItsTurnEndsNobodys() {
        KeyRing ring = ring(key(0), withdrawn(1000, 500));
        assertEquals("active withdrawn", states(ring, 999));
        assertEquals("active withdrawn", states(ring, 5000));
    }

    @Test
    void aRetiringOneCanBeWithdrawn() {
        assertEquals("withdrawn active", states(ring(withdrawn(0, 1100), key(1000)), 1100));
    }

    @Test
    void timesAreToldWithStates() {
        var turns = ring(key(0), key(1000), key(2000)).at(at(1500));
        assertEquals(
                List.of(
                        "retiring, published until " + at(1660),
                        "active since " + at(1000) + ", until " + at(2000),
                        "next, signs from " + at(2000)),
                turns.stream().map(Standing::words).toList());
    }

    @Test
    void anyRingAtAnyTimeHasAtMostOneSigningKeyAndPublishesIt() {
        var random = new Random(6);
        List<RingKey> keys = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            keys.add(key(0));
        }
        for (int round = 0; round < 3000; round++) {
            KeyRing ring = drawn(random, keys);
            for (long seconds = -100; seconds < 3000; seconds += random.nextInt(1, 400)) {
                List<Standing> all = ring.at(at(seconds));
                assertEquals(ring.keys().size(), all.size());
                long active = all.stream()
                        .filter(each -> each.state() == State.ACTIVE)
                        .count();
                long next =
                        all.stream().filter(each -> each.state() == State.NEXT).count();
                assertTrue(active <= 1, ring::toString);
                assertTrue(active == 1 || next == 0, ring::toString);
                for (Standing each : all) {
                    assertEquals(each.key().withdrawnAt().isPresent(), each.state() == State.WITHDRAWN, ring::toString);
                }
                if (ring.keys().stream().allMatch(key -> key.withdrawnAt().isEmpty())) {
                    assertEquals(1, active, ring::toString);
                }
                assertTrue(ring.published(at(seconds))
                        .containsAll(ring.active(at(seconds)).stream().toList()));
            }
        }
    }

    private static KeyRing drawn(Random random, List<RingKey> keys) {
        return new KeyRing(keys.subList(0, random.nextInt(1, keys.size())).stream()
                .map(key -> key.activeFrom(at(random.nextInt(0, 8) * 250L)))
                .map(key -> random.nextInt(4) == 0 ? key.withdrawn(at(random.nextInt(0, 8) * 250L)) : key)
                .toList());
    }
}
