package io.countersign.service.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is done to a log is found, but that its end is missing. */
class ChainTest {
    private static final int ENTRIES = 9;

    @TempDir
    private Path folder = Path.of("");

    private Map<String, byte[]> files = Map.of();

    @BeforeEach
    void writeThreeFiles() throws IOException {
        WrittenLog.write(folder, 1100, ENTRIES);
        files = WrittenLog.files(folder);
        assertTrue(files.size() >= 3, files.keySet()::toString);
    }

    private static void found(Map<String, byte[]> files, String what) throws IOException {
        assertTrue(WrittenLog.verify(files).broken().isPresent(), () -> "not found: " + what);
    }

    private Map<String, byte[]> with(String name, byte[] content) {
        var changed = new LinkedHashMap<>(files);
        changed.put(name, content);
        return changed;
    }

    @Test
    void aLogAsItWasWrittenIsFine() throws IOException {
        LogVerifier.Report report = WrittenLog.verify(files);
        assertEquals(Optional.empty(), report.broken());
        assertEquals(ENTRIES + files.size(), report.lines());
        assertEquals(report.lines(), report.end().seq());
        assertEquals(List.of(), report.notes());
    }

    @Test
    void everyFlippedByteIsFound() throws IOException {
        for (var file : files.entrySet()) {
            for (int at = 0; at < file.getValue().length; at++) {
                byte[] flipped = file.getValue().clone();
                flipped[at] ^= (byte) (1 << at % 8);
                found(with(file.getKey(), flipped), "byte %d of %s".formatted(at, file.getKey()));
            }
        }
    }

    @Test
    void everyLineThatIsMissingTwiceThereOrAtAnotherPlaceIsFound() throws IOException {
        String last = new ArrayList<>(files.keySet()).getLast();
        for (var file : files.entrySet()) {
            List<String> lines = WrittenLog.lines(file.getValue());
            for (int at = 0; at < lines.size(); at++) {
                var missing = new ArrayList<>(lines);
                missing.remove(at);
                boolean atTheEnd = file.getKey().equals(last) && at == lines.size() - 1;
                if (!atTheEnd) {
                    found(with(file.getKey(), WrittenLog.file(missing)), "line %d is missing".formatted(at));
                }
                var twice = new ArrayList<>(lines);
                twice.add(at, lines.get(at));
                found(with(file.getKey(), WrittenLog.file(twice)), "line %d stands twice".formatted(at));
                if (at > 0) {
                    var swapped = new ArrayList<>(lines);
                    Collections.swap(swapped, at, at - 1);
                    found(with(file.getKey(), WrittenLog.file(swapped)), "line %d is swapped".formatted(at));
                }
            }
        }
    }

    @Test
    void filesThatAreSwappedOrMissingAreFound() throws IOException {
        var names = new ArrayList<>(files.keySet());
        for (int at = 0; at + 1 < names.size(); at++) {
            var swapped = new LinkedHashMap<>(files);
            swapped.put(names.get(at), files.get(names.get(at + 1)));
            swapped.put(names.get(at + 1), files.get(names.get(at)));
            found(swapped, "files swapped");
            if (at > 0) {
                var missing = new LinkedHashMap<>(files);
                missing.remove(names.get(at));
                found(missing, "file missing");
            }
        }
    }

    @Test
    void anotherLogsFileIsFound(@TempDir Path other) throws IOException {
        try (Journal journal = WrittenLog.journal(LogFolder.open(other, 1100))) {
            for (int number = 0; number < ENTRIES; number++) {
                journal.write(WrittenLog.entry(number + 100));
            }
        }
        String second = new ArrayList<>(files.keySet()).get(1);
        found(
                with(
                        second,
                        java.util.Objects.requireNonNull(WrittenLog.files(other).get(second))),
                "another log's file");
    }

    @Test
    void linesThatWereChainedAnewAreFoundByWhoKeptAHash() throws IOException {
        Head kept = WrittenLog.verify(files).end();
        assertEquals(
                Optional.of(kept),
                WrittenLog.verify(files, Optional.of(kept.hash())).wanted());
        var anew = new StringBuilder();
        Head head = Head.NONE;
        for (String line : files.values().stream()
                .flatMap(file -> WrittenLog.lines(file).stream())
                .toList()) {
            String middle = line.substring(line.indexOf("\"time\""), line.indexOf(",\"prev\""))
                    .replace("\"ok\"", "\"no\"");
            LineFormat.Chained chained = LineFormat.after(head, middle.getBytes(StandardCharsets.US_ASCII));
            anew.append(new String(chained.bytes(), StandardCharsets.US_ASCII));
            head = chained.head();
            if (chained.head().seq() == 2) {
                break; // a file's first lines are enough
            }
        }
        var forged = Map.of("audit-000001.jsonl", anew.toString().getBytes(StandardCharsets.US_ASCII));
        LogVerifier.Report report = WrittenLog.verify(forged, Optional.of(kept.hash()));
        assertEquals(Optional.empty(), report.broken());
        assertEquals(Optional.empty(), report.wanted());
    }

    @Test
    void anEndThatIsMissingIsFoundByWhoKeptAHash() throws IOException {
        Head kept = WrittenLog.verify(files).end();
        var first = new LinkedHashMap<>(files);
        first.keySet().retainAll(List.of("audit-000001.jsonl"));
        LogVerifier.Report report = WrittenLog.verify(first, Optional.of(kept.hash()));
        assertEquals(Optional.empty(), report.broken());
        assertEquals(Optional.empty(), report.wanted());
    }

    @Test
    void theLaterFilesCanBeVerifiedByThemselves() throws IOException {
        var later = new LinkedHashMap<>(files);
        later.remove("audit-000001.jsonl");
        LogVerifier.Report report = WrittenLog.verify(later);
        assertEquals(Optional.empty(), report.broken());
        assertTrue(report.begin().orElseThrow().seq() > 1);
    }

    @Test
    void aLineIsWhatTheDocumentationSaysItIs() {
        var entry = new Entry(WrittenLog.NOW, Kind.GAP, Map.of("why", "caf\u00e9 \u202e\n"));
        LineFormat.Chained line = LineFormat.after(new Head(41, "ab".repeat(32)), LineFormat.middle(entry));
        String text = new String(line.bytes(), StandardCharsets.US_ASCII);
        assertEquals(
                "{\"v\":1,\"seq\":42,\"time\":\"2026-11-24T03:00:00Z\",\"kind\":\"gap\",\"why\":\"caf\\u00E9 \\u202E\\n\",\"prev\":\""
                        + "ab".repeat(32) + "\",\"hash\":\"" + line.head().hash() + "\"}\n",
                text);
        assertEquals(
                line.head().hash(),
                io.countersign.verifier.bytes.Bytes.utf8(text.substring(0, text.indexOf(",\"hash\"")))
                        .sha256()
                        .toString());
    }
}
