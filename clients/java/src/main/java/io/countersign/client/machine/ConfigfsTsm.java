package io.countersign.client.machine;

import io.countersign.client.Bytes;
import io.countersign.client.machine.MachineException.Remedy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Reports of this guest's CPU. Linux, Documentation/ABI/testing/configfs-tsm-report. */
public final class ConfigfsTsm {
    public static final Path USUAL_PLACE = Path.of("/sys/kernel/config/tsm/report");

    private static final int REPORT_DATA = 64;
    private static final int MAX_BLOB = 1024 * 1024;
    private static final int MAX_WORD = 256;
    private static final int CONFLICTS = 3;
    /** The kernel makes an entry's files with it; other file systems in its place may need a moment. */
    private static final Duration FILES_APPEAR = Duration.ofSeconds(2);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,20}");

    private final Path folder;
    private final Duration within;
    private final SecureRandom random = new SecureRandom();

    /** Takes the folder in which entries are made, and how long a report may take: a quoting service may be slow. */
    public ConfigfsTsm(Path folder, Duration within) {
        this.folder = folder;
        this.within = within;
    }

    /**
     * What the kernel answered.
     *
     * @param provider the format of the report
     * @param auxblob what comes beside it; no bytes where there is nothing
     */
    public record Report(String provider, Bytes outblob, Bytes auxblob) {}

    /** Makes an entry of its own, asks, and removes the entry. */
    public Report report(Bytes reportData) throws MachineException {
        if (reportData.length() != REPORT_DATA) {
            throw new IllegalArgumentException("report data has 64 bytes, not " + reportData.length());
        }
        var task = new FutureTask<Report>(() -> withoutConflict(reportData));
        // Reading a report can block in the kernel, where no interrupt reaches; so it is left behind when time is up.
        var thread = new Thread(task, "countersign-configfs");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException ignored) {
            task.cancel(true);
            throw new MachineException(
                    Remedy.RETRY,
                    "the CPU's report was not ready within " + within.toSeconds() + " s",
                    "on TDX check that the host's quoting service runs; on SEV-SNP the host may be throttling requests");
        } catch (InterruptedException ignored) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw new MachineException(Remedy.RETRY, "this program is being stopped", "start it again");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof MachineException known) {
                throw known;
            }
            throw new IllegalStateException("reading configfs-tsm failed in an unforeseen way", e);
        }
    }

    private Report withoutConflict(Bytes reportData) throws MachineException {
        for (int tried = 0; tried < CONFLICTS; tried++) {
            Path entry = folder.resolve("countersign-" + suffix());
            try {
                Files.createDirectory(entry);
            } catch (IOException e) {
                throw noEntry(e);
            }
            try {
                Reading reading = read(entry, reportData);
                if (reading.conflict() == Conflict.NONE) {
                    return reading.report();
                }
            } catch (IOException e) {
                throw unreadable(e);
            } finally {
                remove(entry);
            }
        }
        throw new MachineException(
                Remedy.RETRY,
                "somebody else wrote into our entry under " + folder + " each time",
                "find out which other program uses entries that are not its own");
    }

    /** Whether the report is about what was written. */
    private enum Conflict {
        NONE,
        WRITTEN_BETWEEN
    }

    private record Reading(Report report, Conflict conflict) {}

    private static Reading read(Path entry, Bytes reportData) throws IOException, MachineException {
        await(entry.resolve("inblob"));
        await(entry.resolve("generation"));
        long before = number(entry.resolve("generation"));
        long writes = raisePrivilegeLevel(entry) + 1;
        // In one write: the kernel takes what one write brings for the whole.
        Files.write(entry.resolve("inblob"), reportData.toByteArray(), StandardOpenOption.WRITE);
        Bytes outblob = blob(entry.resolve("outblob"));
        Bytes auxblob = Files.exists(entry.resolve("auxblob")) ? blob(entry.resolve("auxblob")) : Bytes.of(new byte[0]);
        String provider = word(entry.resolve("provider"));
        if (outblob.length() == 0) {
            throw new MachineException(
                    Remedy.RETRY,
                    "the kernel answered an empty report",
                    "read the kernel's log: dmesg | grep -i -e sev -e tdx");
        }
        // "generation" counts the writes to an entry; one too many means that the report may be about another's input.
        long after = number(entry.resolve("generation"));
        return new Reading(
                new Report(provider, outblob, auxblob),
                after - before == writes ? Conflict.NONE : Conflict.WRITTEN_BETWEEN);
    }

    /** A guest under a service module may not ask for the level that is the default; answers how often it wrote. */
    private static long raisePrivilegeLevel(Path entry) throws IOException, MachineException {
        Path floor = entry.resolve("privlevel_floor");
        if (!Files.exists(floor)) {
            return 0;
        }
        long level = number(floor);
        if (level == 0) {
            return 0;
        }
        Files.write(
                entry.resolve("privlevel"),
                Long.toString(level).getBytes(StandardCharsets.US_ASCII),
                StandardOpenOption.WRITE);
        return 1;
    }

    private static void await(Path file) throws IOException {
        long end = System.nanoTime() + FILES_APPEAR.toNanos();
        while (!Files.exists(file)) {
            if (System.nanoTime() - end > 0) {
                throw new NoSuchFileException(file.toString());
            }
            try {
                Thread.sleep(LOOK_AGAIN.toMillis());
            } catch (InterruptedException ignored) {
                Thread.currentThread().interrupt();
                throw new NoSuchFileException(file.toString());
            }
        }
    }

    private static Bytes blob(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MAX_BLOB + 1);
            if (content.length > MAX_BLOB) {
                throw new FileSystemException(file.toString(), null, "it has more than " + MAX_BLOB + " bytes");
            }
            return Bytes.of(content);
        }
    }

    private static String word(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_WORD), StandardCharsets.US_ASCII).strip();
        }
    }

    private static long number(Path file) throws IOException, MachineException {
        String text = word(file);
        try {
            if (NUMBER.matcher(text).matches()) {
                return Long.parseUnsignedLong(text);
            }
        } catch (NumberFormatException ignored) {
            // Falls through: as little of a number as a word is.
        }
        throw new MachineException(
                Remedy.CHANGE, file + " holds no number", "check that configfs, and nothing else, is mounted there");
    }

    private static void remove(Path entry) {
        try {
            Files.delete(entry);
        } catch (IOException ignored) {
            // An entry that stays costs a little memory until the next boot; the report is no worse for it.
        }
    }

    private String suffix() {
        byte[] name = new byte[8];
        random.nextBytes(name);
        return HexFormat.of().formatHex(name);
    }

    private MachineException noEntry(IOException e) {
        if (e instanceof AccessDeniedException) {
            return new MachineException(
                    Remedy.CHANGE, "no entry can be made under " + folder + ": permission denied", "run as root");
        }
        if (e instanceof NoSuchFileException) {
            return new MachineException(
                    Remedy.CHANGE,
                    folder + " does not exist, so this machine makes no attestation reports",
                    "expected is a confidential guest with Linux 6.7 or later: load the module sev-guest or tdx-guest, and"
                            + " mount configfs with: mount -t configfs none /sys/kernel/config");
        }
        return new MachineException(
                Remedy.CHANGE,
                "no entry can be made under " + folder + ": " + reason(e),
                "load the module sev-guest or tdx-guest, which provide reports there");
    }

    private MachineException unreadable(IOException e) {
        return new MachineException(
                Remedy.RETRY,
                "the CPU's report cannot be read under " + folder + ": " + reason(e),
                "read the kernel's log: dmesg | grep -i -e sev -e tdx");
    }

    private static String reason(IOException e) {
        String message = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
