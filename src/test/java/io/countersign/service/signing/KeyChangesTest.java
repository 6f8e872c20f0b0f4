package io.countersign.service.signing;

import static io.countersign.service.signing.Rings.BEGINNING;
import static io.countersign.service.signing.Rings.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.countersign.service.signing.KeyChanges.Replacement;
import io.countersign.service.signing.KeyChanges.Rotation;
import io.countersign.service.signing.Standing.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever changes a ring: first start, takeover, rotation, withdrawal, pruning, and several at once. */
class KeyChangesTest {
    private final Path dataDir;
    private final KeyFolder folder;
    private final KeyChanges changes;

    KeyChangesTest(@TempDir Path temporary) {
        this.dataDir = temporary.resolve("data");
        this.folder = new KeyFolder(dataDir, KeyPurpose.PRODUCTION);
        this.changes = Rings.changes(folder);
    }

    private KeyRing first() throws KeyTroubleException {
        return changes.ringOrFirst(SigningAlgorithm.ES256, BEGINNING);
    }

    private RingKey added(long activeFrom, long now) throws KeyTroubleException {
        return ((Rotation.Added) changes.rotate(SigningAlgorithm.ES256, at(activeFrom), at(now), _ -> true)).key();
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder.path())) {
            return files.map(file -> String.valueOf(file.getFileName())).collect(Collectors.toSet());
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /** A data folder as it was before there were rings. */
    private ECKey keyFromBefore(SigningAlgorithm algorithm) throws IOException, JOSEException {
        ECKey key = new ECKeyGenerator(algorithm.curve())
                .algorithm(algorithm.jws())
                .keyUse(KeyUse.SIGNATURE)
                .keyIDFromThumbprint(true)
                .generate();
        Files.createDirectories(folder.path());
        Path file = folder.path().resolve("signing-%s.jwk".formatted(algorithm));
        Files.writeString(file, key.toJSONString());
        Files.setLastModifiedTime(file, FileTime.from(at(-5000)));
        return key;
    }

    @Test
    void theFirstStartMakesARingOfOneThatSignsAtOnce() throws KeyTroubleException {
        KeyRing ring = first();
        assertEquals(1, ring.keys().size());
        assertEquals(BEGINNING, ring.keys().getFirst().activeFrom());
        assertEquals(ring, first());
        assertEquals(ring, folder.ring().orElseThrow());
    }

    @Test
    void onlyTheServicesUserReadsWhatItMakes() throws KeyTroubleException, IOException {
        first();
        assertEquals("rwx------", permissions(folder.path()));
        for (String name : names()) {
            assertEquals("rw-------", permissions(folder.path().resolve(name)), name);
        }
        assertEquals(3, names().size(), names()::toString);
    }

    /** Root runs the command in a folder of the service's user, who must not gain by it. */
    @Test
    void noLinkIsFollowedToTheLock() throws KeyTroubleException, IOException {
        first();
        Path other = Files.writeString(dataDir.resolve("other"), "somebody else's");
        Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rw-r--r--"));
        Path lock = folder.path().resolve("ring-signing.lock");
        Files.delete(lock);
        Files.createSymbolicLink(lock, other);
        assertThrows(KeyTroubleException.class, () -> added(1000, 0));
        assertEquals("rw-r--r--", permissions(other));
        Files.delete(lock);
        Files.createSymbolicLink(lock, dataDir.resolve("nothing"));
        assertThrows(KeyTroubleException.class, () -> added(1000, 0));
        assertFalse(Files.exists(dataDir.resolve("nothing")));
    }

    @Test
    void aLaboratorySharesNoKeyWithProduction() throws KeyTroubleException {
        KeyRing laboratory = Rings.changes(new KeyFolder(dataDir, KeyPurpose.INSECURE))
                .ringOrFirst(SigningAlgorithm.ES256, BEGINNING);
        assertNotEquals(
                first().keys().getFirst().kid(), laboratory.keys().getFirst().kid());
    }

    @Test
    void theKeyFromBeforeRingsIsTheFirstOfTheRing() throws KeyTroubleException, IOException, JOSEException {
        ECKey before = keyFromBefore(SigningAlgorithm.ES256);
        RingKey key = first().keys().getFirst();
        assertEquals(before.getKeyID(), key.kid());
        assertEquals(new RingKey.Home.InFile("signing-ES256.jwk"), key.home());
        assertEquals(at(-5000), key.activeFrom());
        assertEquals(before.toPublicJWK().toJSONObject(), key.published());
        Rings.files(folder).of(key).open(key);
    }

    @Test
    void aKeyFromBeforeOfAnotherAlgorithmIsTakenOverToo() throws KeyTroubleException, IOException, JOSEException {
        ECKey before = keyFromBefore(SigningAlgorithm.ES384);
        assertEquals(before.getKeyID(), first().keys().getFirst().kid());
    }

    @Test
    void ofTwoKeysFromBeforeTheOneInUseIsTakenOver() throws KeyTroubleException, IOException, JOSEException {
        keyFromBefore(SigningAlgorithm.ES384);
        ECKey inUse = keyFromBefore(SigningAlgorithm.ES256);
        assertEquals(
                List.of(inUse.getKeyID()),
                first().keys().stream().map(RingKey::kid).toList());
    }

    @Test
    void aDamagedKeyFromBeforeStopsTheStartAndIsLeftAlone() throws IOException, JOSEException {
        ECKey good = keyFromBefore(SigningAlgorithm.ES256);
        Path file = folder.path().resolve("signing-ES256.jwk");
        String stranger = new ECKeyGenerator(SigningAlgorithm.ES256.curve())
                .generate()
                .getD()
                .toString();
        for (String text : List.of(
                "",
                "{}",
                "not JSON",
                "{\"kty\":\"EC\",\"crv\":\"P-256\"}",
                good.toPublicJWK().toJSONString(),
                good.toJSONString().replace("ES256", "ES384"),
                good.toJSONString().replace(good.getKeyID(), "mine"),
                good.toJSONString().replace(good.getD().toString(), stranger))) {
            Files.writeString(file, text);
            var refusal = assertThrows(KeyTroubleException.class, this::first, text);
            assertTrue(refusal.why().contains(file.toString()), refusal.why());
            assertEquals(text, Files.readString(file));
            assertFalse(Files.exists(folder.ringFile()));
        }
    }

    @Test
    void aNextKeyWaitsAndASecondIsNotAdded() throws KeyTroubleException {
        RingKey one = first().keys().getFirst();
        RingKey two = added(900, 10);
        KeyRing ring = folder.ring().orElseThrow();
        assertEquals(List.of(one, two), ring.keys());
        var again = changes.rotate(SigningAlgorithm.ES256, at(900), at(20), _ -> true);
        assertEquals(new Rotation.Waits(two, ring), again);
        assertEquals(ring, folder.ring().orElseThrow());
    }

    @Test
    void ofManyWhoRotateAtOnceOneDoes() throws InterruptedException, ExecutionException, KeyTroubleException {
        first();
        var all = new ArrayList<Callable<Rotation>>();
        for (int i = 0; i < 12; i++) {
            // Each as its own replica with the same folder.
            KeyChanges own = Rings.changes(new KeyFolder(dataDir, KeyPurpose.PRODUCTION));
            all.add(() -> own.rotate(SigningAlgorithm.ES256, at(900), at(10), _ -> true));
        }
        int added = 0;
        try (var threads = Executors.newFixedThreadPool(6)) {
            for (Future<Rotation> each : threads.invokeAll(all)) {
                added += each.get() instanceof Rotation.Added ? 1 : 0;
            }
        }
        assertEquals(1, added);
        assertEquals(2, folder.ring().orElseThrow().keys().size());
    }

    @Test
    void ofManyWhoStartAtOnceOneMakesTheKey() throws InterruptedException, ExecutionException {
        var all = new ArrayList<Callable<KeyRing>>();
        for (int i = 0; i < 12; i++) {
            KeyChanges own = Rings.changes(new KeyFolder(dataDir, KeyPurpose.PRODUCTION));
            all.add(() -> own.ringOrFirst(SigningAlgorithm.ES256, BEGINNING));
        }
        var rings = new java.util.HashSet<KeyRing>();
        try (var threads = Executors.newFixedThreadPool(6)) {
            for (Future<KeyRing> each : threads.invokeAll(all)) {
                rings.add(each.get());
            }
        }
        assertEquals(1, rings.size());
    }

    @Test
    void whoeverHoldsTheLockInAnotherProcessIsWaitedFor() throws Exception {
        first();
        Path lock = folder.path().resolve("ring-signing.lock");
        String program = """
                import java.nio.channels.*; import java.nio.file.*;
                class Holder { public static void main(String[] names) throws Exception {
                  try (var channel = FileChannel.open(Path.of(names[0]), StandardOpenOption.WRITE); var lock = channel.lock()) {
                    System.out.println("held"); System.in.read(); } } }
                """;
        Path source = Files.writeString(dataDir.resolve("Holder.java"), program);
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        source.toString(),
                        lock.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var threads = Executors.newSingleThreadExecutor()) {
            assertEquals("held", holder.inputReader().readLine());
            Future<RingKey> waits = threads.submit(() -> added(900, 10));
            assertThrows(
                    java.util.concurrent.TimeoutException.class,
                    () -> waits.get(300, java.util.concurrent.TimeUnit.MILLISECONDS));
            assertEquals(1, folder.ring().orElseThrow().keys().size());
            holder.getOutputStream().close();
            assertEquals(waits.get(), folder.ring().orElseThrow().keys().getLast());
        } finally {
            holder.destroyForcibly();
        }
    }

    @Test
    void whenTheSigningOneIsWithdrawnTheNextSignsAtOnceAndForGood() throws KeyTroubleException {
        RingKey one = first().keys().getFirst();
        RingKey two = added(900, 10);
        var done = changes.withdraw(one.kid(), at(20), Replacement.MAKE);
        assertEquals(State.ACTIVE, done.was());
        assertEquals(two.kid(), done.signsNow().orElseThrow().kid());
        assertEquals(2, done.ring().keys().size());
        // Its turn begins now: a key added with an earlier turn than its old one comes after it all the same.
        RingKey three = added(500, 30);
        KeyRing ring = folder.ring().orElseThrow();
        assertEquals(two.kid(), ring.active(at(400)).orElseThrow().kid());
        assertEquals(three, ring.active(at(5000)).orElseThrow());
    }

    @Test
    void withoutANextOneAWithdrawalMakesANewKeyUnlessToldNotTo() throws KeyTroubleException {
        RingKey one = first().keys().getFirst();
        var replaced = changes.withdraw(one.kid(), at(20), Replacement.MAKE);
        RingKey two = replaced.signsNow().orElseThrow();
        assertNotEquals(one.kid(), two.kid());
        assertEquals(two, folder.ring().orElseThrow().active(at(20)).orElseThrow());
        var bare = changes.withdraw(two.kid(), at(30), Replacement.NONE);
        assertTrue(bare.signsNow().isEmpty());
        assertTrue(folder.ring().orElseThrow().active(at(30)).isEmpty());
        assertTrue(folder.ring().orElseThrow().active(at(9000)).isEmpty());
        assertEquals(added(40, 40), folder.ring().orElseThrow().active(at(40)).orElseThrow());
    }

    @Test
    void onlyAPublishedKeyCanBeWithdrawn() throws KeyTroubleException {
        RingKey one = first().keys().getFirst();
        assertThrows(KeyTroubleException.class, () -> changes.withdraw("mine", at(1), Replacement.MAKE));
        changes.withdraw(one.kid(), at(20), Replacement.MAKE);
        assertThrows(KeyTroubleException.class, () -> changes.withdraw(one.kid(), at(30), Replacement.MAKE));
    }

    @Test
    void pruningDeletesWhatIsGoneWithItsFile() throws KeyTroubleException, IOException {
        RingKey one = first().keys().getFirst();
        RingKey two = added(900, 10);
        assertTrue(changes.prune(at(1559)).isEmpty());
        assertEquals(
                List.of(one),
                changes.prune(at(1560)).stream().map(Standing::key).toList());
        assertEquals(List.of(two), folder.ring().orElseThrow().keys());
        assertEquals(3, names().size(), names()::toString);
        assertFalse(names().contains("signing-ES256-%s.jwk".formatted(one.kid())));
        assertTrue(changes.prune(at(99_999)).isEmpty());
    }

    @Test
    void pruningNeverBringsAnEarlierKeyBack() throws KeyTroubleException {
        RingKey one = first().keys().getFirst();
        RingKey two = added(900, 10);
        changes.withdraw(two.kid(), at(1000), Replacement.NONE);
        // The first is retiring still, and the second says that it was replaced.
        assertTrue(changes.prune(at(1100)).isEmpty());
        assertEquals(
                List.of(one),
                changes.prune(at(2000)).stream().map(Standing::key).toList());
        assertTrue(folder.ring().orElseThrow().active(at(2000)).isEmpty());
    }

    @Test
    void aDamagedRingIsChangedByNothing() throws KeyTroubleException, IOException {
        RingKey one = first().keys().getFirst();
        Files.writeString(folder.ringFile(), "{");
        for (org.junit.jupiter.api.function.Executable change : List.<org.junit.jupiter.api.function.Executable>of(
                this::first,
                () -> added(900, 10),
                () -> changes.withdraw(one.kid(), at(1), Replacement.MAKE),
                () -> changes.prune(at(1)))) {
            String why = assertThrows(KeyTroubleException.class, change).why();
            assertTrue(why.contains(folder.ringFile() + " is damaged"), why);
        }
        assertEquals("{", Files.readString(folder.ringFile()));
    }
}
