package io.countersign.service.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines are durable before anybody goes on, whatever the disk does. */
class JournalTest {
    private static final long ROOMY = 1 << 20;

    @TempDir
    private Path folder = Path.of("");

    /** A real folder behind a disk that a test fills, and slows down. */
    private static final class PliantDisk implements Medium {
        private final LogFolder folder;
        private final AtomicInteger appends = new AtomicInteger();
        private final Semaphore slow = new Semaphore(0);
        private volatile boolean full;
        private volatile boolean isSlow;

        PliantDisk(Path folder) {
            this.folder = LogFolder.open(folder, ROOMY);
        }

        @Override
        public Head head() {
            return folder.head();
        }

        @Override
        public Optional<Map<String, Object>> opening(long bytes) {
            return folder.opening(bytes);
        }

        @Override
        public void append(byte[] lines) throws IOException {
            appends.incrementAndGet();
            if (isSlow) {
                slow.acquireUninterruptibly();
            }
            if (full) {
                // As write(2) does: what fits is there.
                Path file = LogFiles.in(folder()).getLast();
                Files.write(file, java.util.Arrays.copyOf(lines, lines.length / 2), StandardOpenOption.APPEND);
                throw new IOException("No space left on device");
            }
            folder.append(lines);
        }

        private Path folder() {
            return Path.of(folder.words());
        }

        @Override
        public void mend() throws IOException {
            folder.mend();
        }

        @Override
        public String words() {
            return folder.words();
        }

        @Override
        public void close() {
            folder.close();
        }
    }

    private LogVerifier.Report verified() throws IOException {
        LogVerifier.Report report = WrittenLog.verify(WrittenLog.files(folder));
        assertEquals(Optional.empty(), report.broken());
        return report;
    }

    private String text() throws IOException {
        var text = new StringBuilder();
        for (Path file : LogFiles.in(folder)) {
            text.append(Files.readString(file));
        }
        return text.toString();
    }

    private static void refused(Journal journal, int number) {
        var e = assertThrows(CountersignException.class, () -> journal.write(WrittenLog.entry(number)));
        assertEquals(ProblemCode.AUDIT_UNAVAILABLE, e.problem().code());
        assertTrue(e.problem().retryAfterSeconds().isPresent());
    }

    private static void await(Runnable attempt) throws InterruptedException {
        long end = System.nanoTime() + WrittenLog.PATIENCE.toNanos();
        while (true) {
            try {
                attempt.run();
                return;
            } catch (CountersignException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                Thread.sleep(Duration.ofMillis(50));
            }
        }
    }

    @Test
    void theChainGoesOnAcrossStarts() throws IOException {
        for (int start = 0; start < 3; start++) {
            WrittenLog.write(folder, ROOMY, 2);
        }
        assertEquals(1, WrittenLog.files(folder).size());
        assertEquals(7, verified().lines());
    }

    @Test
    void manyWhoWriteAtOnceShareTheirWaitAndAllHaveTheirLines() throws Exception {
        int many = 400;
        try (var disk = new PliantDisk(folder)) {
            disk.isSlow = true;
            try (Journal journal =
                            new Journal(disk, many, WrittenLog.PATIENCE, InstantSource.system(), JournalObserver.NONE);
                    var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var begun = new CountDownLatch(many);
                for (int number = 0; number < many; number++) {
                    int own = number;
                    var _ = threads.submit(() -> {
                        begun.countDown();
                        journal.write(WrittenLog.entry(own));
                    });
                }
                begun.await();
                disk.isSlow = false;
                disk.slow.release(many);
            }
            assertTrue(disk.appends.get() < many / 2, () -> disk.appends + " times for " + many);
        }
        assertEquals(many + 1, verified().lines());
    }

    @Test
    void aFullDiskRefusesDecisionsUntilThereIsRoomAgain() throws Exception {
        var disk = new PliantDisk(folder);
        try (Journal journal = WrittenLog.journal(disk)) {
            journal.write(WrittenLog.entry(1));
            disk.full = true;
            refused(journal, 2);
            assertEquals(Optional.of("No space left on device"), journal.trouble());
            journal.note(new Entry(WrittenLog.NOW, Kind.POLICY, Map.of("event", "refused")));
            refused(journal, 3);
            Head before = journal.head();
            disk.full = false;
            await(() -> journal.write(WrittenLog.entry(4)));
            assertEquals(Optional.empty(), journal.trouble());
            assertTrue(journal.head().seq() > before.seq());
        }
        LogVerifier.Report report = verified();
        String text = text();
        assertTrue(text.contains("\"number\":1") && text.contains("\"number\":4"), text);
        assertTrue(!text.contains("\"number\":2") && !text.contains("\"number\":3"), text);
        assertTrue(text.contains("\"kind\":\"gap\"") && text.contains("No space left on device"), text);
        assertTrue(text.contains("\"event\":\"refused\""), text);
        assertTrue(report.lines() >= 5);
    }

    @Test
    void aSlowDiskRefusesInTimeAndTheLogSaysThatTheAnswerDidNotLeave() throws Exception {
        var disk = new PliantDisk(folder);
        try (Journal journal =
                new Journal(disk, 8, Duration.ofMillis(200), InstantSource.system(), JournalObserver.NONE)) {
            journal.write(WrittenLog.entry(1));
            disk.isSlow = true;
            long began = System.nanoTime();
            refused(journal, 2);
            assertTrue(System.nanoTime() - began < Duration.ofSeconds(10).toNanos());
            assertTrue(journal.trouble().isPresent());
            refused(journal, 3);
            disk.isSlow = false;
            disk.slow.release(100);
            await(() -> journal.write(WrittenLog.entry(4)));
        }
        verified();
        String text = text();
        assertTrue(text.contains("\"number\":2"), text);
        assertTrue(text.contains("\"kind\":\"withheld\",\"of\":3,"), text);
        assertTrue(!text.contains("\"number\":3"), text);
    }

    @Test
    void aLineThatWasNeverFinishedStaysAndIsExplained() throws IOException {
        WrittenLog.write(folder, ROOMY, 3);
        Path first = LogFiles.in(folder).getFirst();
        Files.writeString(first, "{\"v\":1,\"seq\":5,\"ti", StandardOpenOption.APPEND);
        assertTrue(WrittenLog.verify(WrittenLog.files(folder)).broken().isPresent());
        byte[] before = Files.readAllBytes(first);
        WrittenLog.write(folder, ROOMY, 1);
        org.junit.jupiter.api.Assertions.assertArrayEquals(before, Files.readAllBytes(first));
        LogVerifier.Report report = verified();
        assertEquals(6, report.lines());
        assertEquals(1, report.notes().size());
    }

    @Test
    void aFileThatSomebodyTookAwayIsNotWrittenOn() throws Exception {
        try (Journal journal = WrittenLog.journal(LogFolder.open(folder, ROOMY))) {
            journal.write(WrittenLog.entry(1));
            Files.delete(LogFiles.in(folder).getFirst());
            refused(journal, 2);
            await(() -> journal.write(WrittenLog.entry(3)));
        }
        assertTrue(text().contains("\"follows\":\"audit-000001.jsonl\""), text());
        assertTrue(text().contains("\"number\":3"), text());
    }

    @Test
    void aFileThatSomebodyCutOffIsLeftAsItIs() throws Exception {
        try (Journal journal = WrittenLog.journal(LogFolder.open(folder, ROOMY))) {
            journal.write(WrittenLog.entry(1));
            Files.write(LogFiles.in(folder).getFirst(), new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
            refused(journal, 2);
            await(() -> journal.write(WrittenLog.entry(3)));
        }
        assertEquals(2, WrittenLog.files(folder).size());
        assertEquals(0, Files.size(LogFiles.in(folder).getFirst()));
        assertTrue(WrittenLog.verify(WrittenLog.files(folder))
                        .begin()
                        .orElseThrow()
                        .seq()
                > 1);
    }

    @Test
    void aFileThatWasThereBeforeAndIsNotOursIsLeftAsItIs(@TempDir Path archive) throws IOException {
        Path kept = Files.writeString(archive.resolve("audit-000001.jsonl"), "what somebody keeps");
        Files.createSymbolicLink(folder.resolve("audit-000001.jsonl"), kept);
        byte[] lines = {'x', '\n'};
        try (LogFolder log = LogFolder.open(folder, ROOMY)) {
            assertTrue(log.opening(lines.length).isPresent());
            assertThrows(IOException.class, () -> log.append(lines));
            log.mend();
            assertTrue(log.opening(lines.length).isPresent());
            log.append(lines);
        }
        assertEquals("what somebody keeps", Files.readString(kept));
        assertEquals("x\n", Files.readString(folder.resolve("audit-000002.jsonl")));
    }

    @Test
    void twoDoNotWriteIntoOneFolder() {
        try (LogFolder _ = LogFolder.open(folder, ROOMY)) {
            var e = assertThrows(UncheckedIOException.class, () -> LogFolder.open(folder, ROOMY));
            assertTrue(String.valueOf(e.getMessage()).contains("countersign.audit.instance"), e.getMessage());
        }
        LogFolder.open(folder, ROOMY).close();
    }
}
