package io.countersign.service.policies;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.countersign.service.policies.FolderReading.Found;
import io.countersign.service.policies.FolderReading.Snapshot;
import io.countersign.verifier.bytes.Bytes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When what was read counts. */
class SettlingTest {
    private static final Snapshot OLD = snapshot("a", "old", "b", "old");
    private static final Snapshot NEW = snapshot("a", "new", "b", "old");
    private static final FolderReading GONE = new FolderReading.Unreadable("it is not there");

    private final Settling settling = new Settling(OLD);

    private static Snapshot snapshot(String... namesAndTexts) {
        var files = new LinkedHashMap<String, Found>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            files.put(namesAndTexts[i], new Found.Content(Bytes.utf8(namesAndTexts[i + 1]), Optional.empty()));
        }
        return new Snapshot(files, Map.of());
    }

    @Test
    void aChangeCountsWhenItIsReadTwice() {
        assertEquals(Optional.empty(), settling.next(OLD));
        assertEquals(Optional.empty(), settling.next(NEW));
        assertEquals(Optional.of(NEW), settling.next(NEW));
        assertEquals(Optional.empty(), settling.next(NEW));
    }

    @Test
    void aHalfWrittenFileNeverCounts() {
        Snapshot half = snapshot("a", "n", "b", "old");
        assertEquals(Optional.empty(), settling.next(half));
        assertEquals(Optional.empty(), settling.next(NEW));
        assertEquals(Optional.of(NEW), settling.next(NEW));
    }

    @Test
    void aFileThatComesBackInBetweenChangesNothing() {
        assertEquals(Optional.empty(), settling.next(snapshot("b", "old")));
        assertEquals(Optional.empty(), settling.next(OLD));
        assertEquals(Optional.empty(), settling.next(OLD));
    }

    @Test
    void aRemovedFileIsGoneWhenItIsMissingTwice() {
        Snapshot without = snapshot("b", "old");
        assertEquals(Optional.empty(), settling.next(without));
        assertEquals(Optional.of(without), settling.next(without));
    }

    @Test
    void filesThatChangeTogetherCountTogether() {
        Snapshot first = snapshot("a", "new", "b", "old");
        Snapshot both = snapshot("a", "new", "b", "new");
        assertEquals(Optional.empty(), settling.next(first));
        assertEquals(Optional.empty(), settling.next(both), "a is at rest, and b is not yet");
        assertEquals(Optional.of(both), settling.next(both));
    }

    @Test
    void aRestlessFileHoldsUpTheOthersOnlyForAWhile() {
        Optional<FolderReading> counted = Optional.empty();
        for (int i = 0; i < Settling.PATIENCE; i++) {
            assertEquals(Optional.empty(), counted);
            counted = settling.next(snapshot("a", "new", "b", "restless " + i));
        }
        assertEquals(Optional.of(snapshot("a", "new", "b", "old")), counted);
    }

    @Test
    void aFolderThatCannotBeReadOnceIsNoNews() {
        assertEquals(Optional.empty(), settling.next(GONE));
        assertEquals(Optional.empty(), settling.next(OLD));
        assertEquals(Optional.empty(), settling.next(GONE));
        assertEquals(Optional.of(GONE), settling.next(GONE));
        assertEquals(Optional.empty(), settling.next(OLD));
        assertEquals(Optional.of(OLD), settling.next(OLD));
    }
}
