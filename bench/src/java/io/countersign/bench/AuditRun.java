package io.countersign.bench;

import io.countersign.service.audit.Entry;
import io.countersign.service.audit.Journal;
import io.countersign.service.audit.JournalObserver;
import io.countersign.service.audit.Kind;
import io.countersign.service.audit.LogFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** How long a decision waits for its line, alone and in company: what the disk does counts, so name a folder on the one in question. */
public final class AuditRun {
    private static final int ALONE = 1_000;
    private static final int TOGETHER = 8_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private AuditRun() {}

    /** Takes the folder in which the log is written; a new one in it is left behind. */
    public static void main(String[] arguments) throws Exception {
        Path folder =
                Files.createTempDirectory(Path.of(arguments.length > 0 ? arguments[0] : "target"), "audit-bench-");
        var syncs = new AtomicInteger();
        var observer = new JournalObserver() {
            @Override
            public void written(int lines, Duration took) {
                syncs.incrementAndGet();
            }

            @Override
            public void failed() {
                throw new IllegalStateException("a line could not be written");
            }
        };
        try (var journal =
                new Journal(LogFolder.open(folder, 1L << 26), 1024, PATIENCE, InstantSource.system(), observer)) {
            for (int round = 0; round < 2; round++) {
                for (int writers : new int[] {1, 16, 64}) {
                    syncs.set(0);
                    run(journal, writers, syncs);
                }
            }
        }
        System.out.println("written to " + folder);
        System.exit(0);
    }

    private static void run(Journal journal, int writers, AtomicInteger syncs) throws InterruptedException {
        var entry = new Entry(Instant.now(), Kind.ATTESTATION, Map.of("as long as most are", "x".repeat(850)));
        int count = writers == 1 ? ALONE : TOGETHER;
        long[] nanos = new long[count];
        var next = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        long began = System.nanoTime();
        for (int writer = 0; writer < writers; writer++) {
            threads.add(Thread.startVirtualThread(() -> {
                for (int own = next.getAndIncrement(); own < count; own = next.getAndIncrement()) {
                    long start = System.nanoTime();
                    journal.write(entry);
                    nanos[own] = System.nanoTime() - start;
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        Arrays.sort(nanos);
        System.out.printf(
                "%d at once: %.0f lines per second, %d lines for %d syncs, p50 %.2f ms, p99 %.2f ms%n",
                writers, count / seconds, count, syncs.get(), nanos[count / 2] / 1e6, nanos[count * 99 / 100] / 1e6);
    }
}
