package io.countersign.clients;

import io.countersign.insecure.DiskReports;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.function.UnaryOperator;

/** configfs-tsm in a folder, with one entry that is there already, so that clients need not wait for theirs. */
final class PlayedKernel implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path tsm;
    private final DiskReports reports;

    private PlayedKernel(Path tsm, DiskReports reports) {
        this.tsm = tsm;
        this.reports = reports;
    }

    static PlayedKernel start(Path folder) throws IOException, InterruptedException {
        return start(folder, "sev_guest", asked -> asked);
    }

    /** Reports are what the function makes of the 64 bytes asked for. */
    static PlayedKernel start(Path folder, String provider, UnaryOperator<Bytes> report)
            throws IOException, InterruptedException {
        Path tsm = Files.createDirectories(folder.resolve("tsm").resolve("report"));
        var kernel = new PlayedKernel(
                tsm, new DiskReports(tsm, provider, Bytes.fromHex(HexFormat.of().formatHex(new byte[] {7})), report));
        Files.createDirectory(kernel.entry());
        Instant until = Instant.now().plus(PATIENCE);
        while (!Files.exists(kernel.entry().resolve("generation"))) {
            if (Instant.now().isAfter(until)) {
                throw new IllegalStateException("the entry was not filled");
            }
            Thread.sleep(Duration.ofMillis(5));
        }
        return kernel;
    }

    Path tsm() {
        return tsm;
    }

    Path entry() {
        return tsm.resolve("entry");
    }

    /** The report_data of the last report. */
    Bytes asked() throws IOException {
        return Bytes.copyOf(Files.readAllBytes(entry().resolve("inblob")));
    }

    @Override
    public void close() {
        reports.close();
    }
}
