package io.countersign.service.audit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes logs, reads them back, and verifies what a test made of them. */
final class WrittenLog {
    static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private WrittenLog() {}

    static Journal journal(Medium medium) {
        return new Journal(medium, 64, PATIENCE, InstantSource.fixed(NOW), JournalObserver.NONE);
    }

    static Entry entry(int number) {
        return new Entry(NOW, Kind.ATTESTATION, Map.of("outcome", "ok", "number", number));
    }

    /** Appends so many entries. */
    static void write(Path folder, long maxFileBytes, int entries) {
        try (Journal journal = journal(LogFolder.open(folder, maxFileBytes))) {
            for (int number = 0; number < entries; number++) {
                journal.write(entry(number));
            }
        }
    }

    static Map<String, byte[]> files(Path folder) throws IOException {
        var files = new LinkedHashMap<String, byte[]>();
        for (Path file : LogFiles.in(folder)) {
            files.put(String.valueOf(file.getFileName()), Files.readAllBytes(file));
        }
        return files;
    }

    static LogVerifier.Report verify(Map<String, byte[]> files) throws IOException {
        return verify(files, Optional.empty());
    }

    static LogVerifier.Report verify(Map<String, byte[]> files, Optional<String> head) throws IOException {
        var verifier = new LogVerifier(LogVerifier.Foreign.REFUSED, new Vouchers(Optional.empty()), head);
        for (var file : files.entrySet()) {
            verifier.read(file.getKey(), new ByteArrayInputStream(file.getValue()));
        }
        return verifier.end();
    }

    static List<String> lines(byte[] file) {
        return new ArrayList<>(
                new String(file, StandardCharsets.US_ASCII).lines().toList());
    }

    static byte[] file(List<String> lines) {
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
