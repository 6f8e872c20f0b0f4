package io.countersign.service.signing;

import static io.countersign.service.signing.Rings.BEGINNING;
import static io.countersign.service.signing.Rings.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.token.TokenContext;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Relying parties that keep the key set for as long as they may, in every phase of doing so, through whole rotations: they
 * never meet a token of a key they do not have.
 */
class RelyingPartySimulationTest {
    private static final int STEP = 5;
    private static final long CACHED = KeyTimes.CACHED.toSeconds();

    private final KeyFolder folder;
    private final KeyChanges changes;

    RelyingPartySimulationTest(@TempDir Path dataDir) {
        this.folder = new KeyFolder(dataDir, KeyPurpose.PRODUCTION);
        this.changes = Rings.changes(folder);
    }

    /** A token that is still presented. */
    private record Presented(String kid, Instant until) {}

    /** One that keeps what it fetched, and fetches again when that is too old and not before. */
    private static final class RelyingParty {
        private Set<String> known = Set.of();
        private long fetched = Long.MIN_VALUE / 2;

        /** A phase is how long after the beginning it first fetches. */
        void live(long seconds, long phase, KeyRing ring) {
            if (seconds >= phase && seconds - fetched >= CACHED) {
                known = ring.published(at(seconds)).stream().map(RingKey::kid).collect(Collectors.toSet());
                fetched = seconds;
            }
        }
    }

    /** How many tokens were met whose key was not known, over the time of two rotations. */
    private long unknownMet(long overlap, long replicaLag) throws KeyTroubleException {
        changes.ringOrFirst(SigningAlgorithm.ES256, BEGINNING);
        var parties = new ArrayList<RelyingParty>();
        for (long phase = 0; phase < CACHED; phase += STEP) {
            parties.add(new RelyingParty());
        }
        List<Presented> presented = new ArrayList<>();
        long unknown = 0;
        // What the replica that publishes knew a moment ago.
        KeyRing lagging = folder.ring().orElseThrow();
        for (long seconds = 0; seconds < 6000; seconds += STEP) {
            Instant now = at(seconds);
            if (seconds == 1000 || seconds == 3500) {
                assertTrue(
                        changes.rotate(SigningAlgorithm.ES256, now.plusSeconds(overlap), now, _ -> true)
                                instanceof KeyChanges.Rotation.Added);
            }
            KeyRing ring = folder.ring().orElseThrow();
            if ((seconds - 1000) % 2500 >= replicaLag) {
                lagging = ring;
            }
            presented.add(new Presented(ring.active(now).orElseThrow().kid(), now.plus(TokenContext.MAX_LIFETIME)));
            presented.removeIf(token -> token.until().isBefore(now));
            for (int i = 0; i < parties.size(); i++) {
                RelyingParty party = parties.get(i);
                party.live(seconds, i * (long) STEP, lagging);
                if (seconds >= CACHED) {
                    unknown += presented.stream()
                            .filter(token -> !party.known.contains(token.kid()))
                            .count();
                }
            }
        }
        assertEquals(3, folder.ring().orElseThrow().keys().size());
        return unknown;
    }

    @ParameterizedTest
    @ValueSource(longs = {360, 400, 900})
    void withAnOverlapLongEnoughNobodyMeetsAnUnknownKey(long overlap) throws KeyTroubleException {
        assertEquals(0, unknownMet(overlap, 0));
    }

    @Test
    void norWhenTheReplicaTheyFetchFromIsAsLateAsItMayBe() throws KeyTroubleException {
        assertEquals(
                0,
                unknownMet(
                        KeyTimes.LEAST_OVERLAP.toSeconds(),
                        KeyTimes.LONGEST_POLL.plus(Duration.ofSeconds(STEP)).toSeconds()));
    }

    /** The least overlap is not longer than it must be by more than its reserve: what is refused would do harm. */
    @Test
    void withATooShortOverlapSomebodyDoes() throws KeyTroubleException {
        assertTrue(unknownMet(CACHED - 2L * STEP, 0) > 0);
    }
}
