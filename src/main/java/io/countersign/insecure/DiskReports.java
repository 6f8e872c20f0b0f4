package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Plays the kernel's configfs-tsm in a folder: an entry that somebody makes there is filled a moment later, and reading its
 * {@code outblob} gives a report over what stands in its {@code inblob}. The kernel fills at once; clients try again. It also
 * counts every write in {@code generation}; here that is one for each report.
 * Source: Linux, Documentation/ABI/testing/configfs-tsm-report.
 */
public final class DiskReports implements AutoCloseable {
    private static final int REPORT_DATA = 64;
    private static final Duration POLL = Duration.ofMillis(50);

    private final Path folder;
    private final Path drafts;
    private final String provider;
    private final Bytes auxiliary;
    private final UnaryOperator<Bytes> report;
    private final Set<Path> served = new HashSet<>();
    private volatile boolean closed;

    /**
     * Begins to watch.
     *
     * @param provider {@code sev_guest} or {@code tdx_guest}
     * @param auxiliary what stands in {@code auxblob}
     * @param report makes a report of 64 bytes
     */
    public DiskReports(Path folder, String provider, Bytes auxiliary, UnaryOperator<Bytes> report) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.drafts = Files.createDirectories(folder.resolveSibling("drafts"));
        this.provider = provider;
        this.auxiliary = auxiliary;
        this.report = report;
        Thread.ofPlatform().daemon().name("configfs-tsm").start(this::watch);
    }

    private void watch() {
        while (!closed) {
            try (Stream<Path> entries = Files.list(folder)) {
                Set<Path> there =
                        new HashSet<>(entries.filter(Files::isDirectory).toList());
                served.retainAll(there);
                for (Path entry : there) {
                    if (served.add(entry)) {
                        fill(entry);
                    }
                }
                Thread.sleep(POLL);
            } catch (IOException _) {
                // An entry that went while it was looked at, or the folder with everything at the end.
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void fill(Path entry) throws IOException {
        Files.writeString(entry.resolve("provider"), provider + "\n");
        Files.write(entry.resolve("auxblob"), auxiliary.toByteArray());
        Path inblob = entry.resolve("inblob");
        if (!Files.exists(inblob)) {
            Files.createFile(inblob);
        }
        DiskPipe.make(entry.resolve("outblob"), drafts);
        // Last: a client that reads it has an entry that is whole.
        Files.writeString(entry.resolve("generation"), "0\n");
        Thread.ofPlatform().daemon().name(entry.toString()).start(() -> serve(entry));
    }

    /** Opening a pipe waits for whoever reads it, so the report is made when it is asked for. */
    private void serve(Path entry) {
        try {
            while (!closed) {
                // Never made here: a file that appears while the client removes its entry would be in its way.
                try (OutputStream out = Files.newOutputStream(entry.resolve("outblob"), StandardOpenOption.WRITE)) {
                    byte[] asked = Files.readAllBytes(entry.resolve("inblob"));
                    // A pipe of its own for each report: the next one never runs into this one's reader.
                    DiskPipe.make(entry.resolve("outblob"), drafts);
                    count(entry.resolve("generation"));
                    if (asked.length == REPORT_DATA) {
                        out.write(report.apply(Bytes.copyOf(asked)).toByteArray());
                    }
                }
            }
        } catch (NoSuchFileException _) {
            // The client has removed its entry.
        } catch (IOException e) {
            if (Files.exists(entry)) {
                System.err.println("the entry %s is played no longer: %s".formatted(entry, e.getMessage()));
            }
        }
    }

    private static void count(Path generation) throws IOException {
        Files.writeString(
                generation, Long.parseLong(Files.readString(generation).strip()) + 1 + "\n");
    }

    @Override
    public void close() {
        closed = true;
    }
}
