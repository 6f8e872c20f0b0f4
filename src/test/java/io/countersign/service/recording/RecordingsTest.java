package io.countersign.service.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.service.recording.Recordings.Ending;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingsTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    @TempDir
    Path root = Path.of("");

    private static byte[] text(int size, int fill) {
        var text = new byte[size];
        java.util.Arrays.fill(text, (byte) fill);
        return text;
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theOldestGoBeyondTheNumber() throws IOException {
        Recordings recordings = Recordings.open(root, 1000, 2);
        for (int i = 0; i < 5; i++) {
            recordings.write(NOON.plusSeconds(i), Ending.TOKEN, text(10, i));
        }
        List<String> names = names(root);
        assertEquals(2, names.size());
        assertTrue(names.getFirst().startsWith("20260601T120003.000Z-"), names.toString());
        assertEquals(20, recordings.bytes());
    }

    @Test
    void theOldestGoBeyondTheBytes() throws IOException {
        Recordings recordings = Recordings.open(root, 25, 100);
        for (int i = 0; i < 5; i++) {
            recordings.write(NOON.plusSeconds(i), Ending.TOKEN, text(10, i));
        }
        assertEquals(2, names(root).size());
        assertThrows(IOException.class, () -> recordings.write(NOON, Ending.TOKEN, text(26, 0)));
        assertEquals(2, names(root).size());
    }

    @Test
    void whatWasThereCountsAndWhatIsNotOursStays() throws IOException {
        Recordings.open(root, 1000, 10).write(NOON, Ending.TOKEN, text(10, 1));
        Files.writeString(root.resolve("notes.txt"), "mine");
        Files.writeString(root.resolve(".20260601T120000.000Z-0123456789abcdef.json.tmp"), "half");
        Recordings again = Recordings.open(root, 1000, 1);
        assertEquals(10, again.bytes());
        again.write(NOON.plusSeconds(1), Ending.TOKEN, text(20, 2));
        assertEquals(20, again.bytes());
        List<String> names = names(root);
        assertEquals(2, names.size(), names.toString());
        assertTrue(names.contains("notes.txt"));
    }

    @Test
    void theSameTwiceInOneMomentIsOneFile() throws IOException {
        Recordings recordings = Recordings.open(root, 1000, 10);
        recordings.write(NOON, Ending.TOKEN, text(10, 1));
        recordings.write(NOON, Ending.TOKEN, text(10, 1));
        assertEquals(10, recordings.bytes());
        assertEquals(1, names(root).size());
    }

    @Test
    void aFolderThatCannotBeMadeIsSaidAtStart() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "");
        var said = assertThrows(UncheckedIOException.class, () -> Recordings.open(file, 1000, 10));
        assertTrue(String.valueOf(said.getMessage()).contains("countersign.recording.dir"));
        assertThrows(IllegalArgumentException.class, () -> Recordings.open(root, 0, 10));
        assertFalse(Files.exists(root.resolve("nothing")));
    }

    @Test
    void whatLedToNoTokenTakesAQuarterAndDrivesNothingElseOut() throws IOException {
        Recordings recordings = Recordings.open(root, 1000, 8);
        for (int i = 0; i < 4; i++) {
            recordings.write(NOON.plusSeconds(i), Ending.TOKEN, text(10, i));
        }
        for (int i = 10; i < 60; i++) {
            recordings.write(NOON.plusSeconds(i), Ending.NO_TOKEN, text(10, i));
        }
        List<String> names = names(root);
        assertEquals(6, names.size(), names.toString());
        assertEquals(
                2, names.stream().filter(name -> name.contains("tokenless")).count(), names.toString());
        assertEquals(60, recordings.bytes());
        assertEquals(60, Recordings.open(root, 1000, 8).bytes());
    }
}
