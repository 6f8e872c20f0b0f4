package io.countersign.service.signing;

import static io.countersign.service.signing.Rings.BEGINNING;
import static io.countersign.service.signing.Rings.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.countersign.service.signing.RotationSchedule.Terms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotationScheduleTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration OVERLAP = Duration.ofMinutes(15);

    private final Rings.Hand clock = new Rings.Hand(BEGINNING);
    private final Path dataDir;
    private final KeyFolder folder;
    private final KeyChanges changes;

    RotationScheduleTest(@TempDir Path dataDir) throws KeyTroubleException {
        this.dataDir = dataDir;
        this.folder = new KeyFolder(dataDir, KeyPurpose.PRODUCTION);
        this.changes = Rings.changes(folder);
        changes.ringOrFirst(SigningAlgorithm.ES256, BEGINNING);
    }

    private RotationSchedule schedule(Terms terms) throws KeyTroubleException {
        return new RotationSchedule(folder, Rings.files(folder), changes, terms, clock);
    }

    private RotationSchedule daily() throws KeyTroubleException {
        return schedule(new Terms(SigningAlgorithm.ES256, Optional.of(DAY), OVERLAP));
    }

    private KeyRing ring() throws KeyTroubleException {
        return folder.ring().orElseThrow();
    }

    @Test
    void aKeyThatIsOldEnoughGetsASuccessorAndOnlyOne() throws KeyTroubleException {
        var schedule = daily();
        clock.put(BEGINNING.plus(DAY).minusSeconds(1));
        schedule.poll(ring());
        assertEquals(1, ring().keys().size());
        clock.put(BEGINNING.plus(DAY));
        schedule.poll(ring());
        clock.moveOn(Duration.ofSeconds(2));
        schedule.poll(ring());
        assertEquals(2, ring().keys().size());
        assertEquals(BEGINNING.plus(DAY).plus(OVERLAP), ring().keys().getLast().activeFrom());
    }

    @Test
    void ofManyReplicasOneRotatesAlsoWhenAllReadTheRingBefore() throws KeyTroubleException {
        clock.put(BEGINNING.plus(DAY));
        KeyRing before = ring();
        try (var threads = Executors.newFixedThreadPool(6)) {
            for (int i = 0; i < 8; i++) {
                var own = new KeyFolder(dataDir, KeyPurpose.PRODUCTION);
                var replica = new RotationSchedule(
                        own,
                        Rings.files(own),
                        Rings.changes(own),
                        new Terms(SigningAlgorithm.ES256, Optional.of(DAY), OVERLAP),
                        clock);
                threads.execute(() -> replica.poll(before));
            }
        }
        assertEquals(2, ring().keys().size());
    }

    @Test
    void withoutAScheduleNothingHappens() throws KeyTroubleException {
        clock.put(BEGINNING.plus(Duration.ofDays(999)));
        schedule(new Terms(SigningAlgorithm.ES256, Optional.empty(), OVERLAP)).poll(ring());
        assertEquals(1, ring().keys().size());
    }

    @Test
    void aWithdrawnLastKeyIsNotReplacedBehindTheOperatorsBack() throws KeyTroubleException {
        changes.withdraw(ring().keys().getFirst().kid(), at(5), KeyChanges.Replacement.NONE);
        clock.put(BEGINNING.plus(DAY));
        daily().poll(ring());
        daily().rotateTowardsConfigured(ring());
        assertEquals(1, ring().keys().size());
    }

    @Test
    void anotherAlgorithmIsRotatedInAtTheStart() throws KeyTroubleException {
        var schedule = schedule(new Terms(SigningAlgorithm.ES384, Optional.empty(), OVERLAP));
        schedule.rotateTowardsConfigured(ring());
        assertEquals(
                List.of(SigningAlgorithm.ES256, SigningAlgorithm.ES384),
                ring().keys().stream().map(RingKey::algorithm).toList());
        assertEquals(BEGINNING.plus(OVERLAP), ring().keys().getLast().activeFrom());
        schedule.rotateTowardsConfigured(ring());
        assertEquals(2, ring().keys().size());
    }

    @Test
    void anOverlapShorterThanCachesLiveIsRefusedAndSaysWhy() {
        for (long seconds : new long[] {0, KeyTimes.LEAST_OVERLAP.toSeconds() - 1, -1}) {
            String why = String.valueOf(assertThrows(
                            IllegalArgumentException.class,
                            () -> new Terms(SigningAlgorithm.ES256, Optional.empty(), Duration.ofSeconds(seconds)))
                    .getMessage());
            assertTrue(why.contains("at least 360 s") && why.contains("keep the key set for 300 s"), why);
        }
        new Terms(SigningAlgorithm.ES256, Optional.empty(), KeyTimes.LEAST_OVERLAP);
    }

    @Test
    void aScheduleFasterThanARotationTakesIsRefused() {
        Duration least = OVERLAP.plus(KeyTimes.RETIRING);
        new Terms(SigningAlgorithm.ES256, Optional.of(least), OVERLAP);
        assertThrows(
                IllegalArgumentException.class,
                () -> new Terms(SigningAlgorithm.ES256, Optional.of(least.minusSeconds(1)), OVERLAP));
    }

    @Test
    void whatCannotBeWrittenIsToldAndTheSigningKeyGoesOn() throws KeyTroubleException, IOException {
        clock.put(BEGINNING.plus(DAY));
        var schedule = daily();
        KeyRing before = ring();
        Files.writeString(folder.ringFile(), "{");
        schedule.poll(before);
        assertTrue(schedule.trouble().orElseThrow().contains("is damaged"));
    }

    /** As a mounted Secret is. Root may write everywhere, so this is left out for root. */
    @Test
    void aFolderThatCannotBeWrittenIsFineWithoutASchedule() throws IOException, KeyTroubleException {
        Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString("r-x------"));
        try {
            assumeTrue(!Files.isWritable(folder.path()), "whoever runs this may write to any folder");
            String why = assertThrows(KeyTroubleException.class, this::daily).why();
            assertTrue(why.contains("countersign.token.rotation.every is set"), why);
            var schedule = schedule(new Terms(SigningAlgorithm.ES384, Optional.empty(), OVERLAP));
            schedule.rotateTowardsConfigured(ring());
            assertEquals(1, ring().keys().size());
        } finally {
            Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void aKeyFromBeforeRingsNeedsNoRingWhereNoneCanBeWritten() throws IOException, KeyTroubleException {
        String kid = ring().keys().getFirst().kid();
        Files.move(
                folder.path().resolve("signing-ES256-%s.jwk".formatted(kid)),
                folder.path().resolve("signing-ES256.jwk"));
        Files.delete(folder.ringFile());
        Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString("r-x------"));
        try {
            assumeTrue(!Files.isWritable(folder.path()), "whoever runs this may write to any folder");
            KeyRing ring = changes.ringOrFirst(SigningAlgorithm.ES256, BEGINNING);
            assertEquals(kid, ring.keys().getFirst().kid());
            var running = new SigningRing(folder, Rings.files(folder), ring, clock, new Rings.Counts());
            running.poll();
            assertTrue(running.trouble().isEmpty());
            assertEquals(1, running.published().size());
        } finally {
            Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString("rwx------"));
        }
    }
}
