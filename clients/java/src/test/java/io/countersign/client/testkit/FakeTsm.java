package io.countersign.client.testkit;

import io.countersign.client.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The kernel's side of configfs-tsm, with a FIFO for each file: it sees an entry being made, serves each read and write in turn,
 * and takes the files away before the entry is removed, as the kernel does.
 */
public final class FakeTsm implements AutoCloseable {
    private static final List<String> FILES = List.of("provider", "inblob", "outblob", "auxblob", "generation");

    private final Path folder;
    private final String provider;
    private final Function<Bytes, byte[]> report;
    private final byte[] auxiliary;
    private final AtomicReference<Thread> thread = new AtomicReference<>();
    private final List<Bytes> written = new CopyOnWriteArrayList<>();
    private volatile long strayWrites;
    private volatile Optional<Integer> floor = Optional.empty();

    public FakeTsm(Path folder, String provider, Function<Bytes, byte[]> report, byte[] auxiliary) {
        this.folder = folder;
        this.provider = provider;
        this.report = report;
        this.auxiliary = auxiliary.clone();
    }

    /** Every entry is written to by somebody else, too. */
    public FakeTsm withStrayWrites() {
        strayWrites = 1;
        return this;
    }

    /** The guest runs below a service module: no report is made for a lower level. */
    public FakeTsm withPrivilegeFloor(int level) {
        floor = Optional.of(level);
        return this;
    }

    public FakeTsm start() {
        var serving = new Thread(this::serve, "fake-tsm");
        serving.setDaemon(true);
        thread.set(serving);
        serving.start();
        return this;
    }

    /** The 64 bytes of every request. */
    public List<Bytes> written() {
        return List.copyOf(written);
    }

    private void serve() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Optional<Path> entry = newEntry();
                if (entry.isPresent()) {
                    serve(entry.get());
                } else {
                    Thread.sleep(2);
                }
            }
        } catch (InterruptedException | IOException | UncheckedIOException ignored) {
            // The test is over, or its client gave up.
        }
    }

    private Optional<Path> newEntry() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> !Files.exists(entry.resolve("generation")))
                    .findFirst();
        }
    }

    private void serve(Path entry) throws IOException, InterruptedException {
        long generation = 41;
        if (floor.isPresent()) {
            Files.writeString(entry.resolve("privlevel_floor"), floor.get() + "\n");
            Files.createFile(entry.resolve("privlevel"));
            generation++;
        }
        for (String file : FILES) {
            var making = new ProcessBuilder("mkfifo", entry.resolve(file).toString()).start();
            if (!making.waitFor(5, TimeUnit.SECONDS) || making.exitValue() != 0) {
                throw new IOException("mkfifo failed");
            }
        }
        write(entry.resolve("generation"), "41\n".getBytes(StandardCharsets.US_ASCII));
        Bytes input = Bytes.of(Files.readAllBytes(entry.resolve("inblob")));
        written.add(input);
        generation += 1 + strayWrites;
        boolean levelMissing = floor.isPresent()
                && !Files.readString(entry.resolve("privlevel"))
                        .strip()
                        .equals(floor.get().toString());
        write(entry.resolve("outblob"), levelMissing ? new byte[0] : report.apply(input));
        write(entry.resolve("auxblob"), auxiliary);
        write(entry.resolve("provider"), (provider + "\n").getBytes(StandardCharsets.US_ASCII));
        // Everything goes while the last reader still holds its end, so that the client finds an entry that it can
        // remove.
        try (var last = Files.newOutputStream(entry.resolve("generation"), StandardOpenOption.WRITE)) {
            try (Stream<Path> files = Files.list(entry)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            last.write((generation + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        for (int waited = 0; Files.exists(entry) && waited < 1000; waited++) {
            Thread.sleep(2);
        }
    }

    private static void write(Path fifo, byte[] content) throws IOException {
        try (var out = Files.newOutputStream(fifo, StandardOpenOption.WRITE)) {
            out.write(content);
        }
    }

    @Override
    public void close() {
        Thread serving = thread.get();
        if (serving != null) {
            serving.interrupt();
        }
    }
}
