package io.countersign.service.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A folder of log files, readable by the service's user only. Nothing in it is ever deleted or overwritten here; what is cut off
 * is only ever the rest of a write that did not succeed, which nobody was told of.
 */
public final class LogFolder implements Medium {
    private static final Logger LOG = Logger.getLogger("io.countersign");
    private static final String LOCK = "audit.lock";

    private final Path folder;
    private final long maxBytes;
    private final FileChannel lockChannel;
    private final FileLock lock;

    private final Head head;
    private long number;
    private long durable;
    private List<Map<String, Object>> torn;
    private Optional<String> follows;
    private @Nullable FileChannel channel;

    /** Whether this process made the file in which nothing is durable yet. */
    private boolean made;

    /** What the files say about where to go on. */
    private record Found(
            Head head, long number, long durable, List<Map<String, Object>> torn, Optional<String> follows) {}

    private LogFolder(Path folder, long maxBytes, FileChannel lockChannel, FileLock lock, Found found) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.lockChannel = lockChannel;
        this.lock = lock;
        this.head = found.head();
        this.number = found.number();
        this.durable = found.durable();
        this.torn = found.torn();
        this.follows = found.follows();
    }

    /** Opens the folder, making it where it is not there; throws an {@link UncheckedIOException} that says what is in the way. */
    public static LogFolder open(Path folder, long maxBytes) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
                if (posix(folder)) {
                    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
                }
            }
            FileChannel lockChannel =
                    FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                FileLock lock = lock(lockChannel);
                return new LogFolder(folder, maxBytes, lockChannel, lock, found(folder, maxBytes));
            } catch (IOException | RuntimeException e) {
                lockChannel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "countersign.audit.to: the folder %s cannot be used (%s); name one that the service may write and that no other process writes"
                            .formatted(folder, e.getMessage()),
                    e);
        }
    }

    private static FileLock lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
        } catch (OverlappingFileLockException _) {
            // Another service in this very process.
        }
        throw new IOException(
                "another process writes to it: set countersign.audit.instance to a name for each replica");
    }

    private static boolean posix(Path folder) throws IOException {
        return Files.getFileStore(folder).supportsFileAttributeView("posix");
    }

    private static Found found(Path folder, long maxBytes) throws IOException {
        List<Path> files = LogFiles.in(folder);
        var torn = new ArrayList<Map<String, Object>>();
        for (Path file : files.reversed()) {
            FileScan scan = FileScan.of(file);
            report(scan);
            if (scan.tail().bytes() > 0) {
                torn.addFirst(scan.tail().members(file));
            }
            if (scan.head().isPresent()) {
                long last = LogFiles.number(files.getLast()).orElseThrow();
                boolean goesOn = torn.isEmpty() && file.equals(files.getLast()) && scan.end() < maxBytes;
                return new Found(
                        scan.head().get(),
                        goesOn ? last : last + 1,
                        goesOn ? scan.end() : 0,
                        List.copyOf(torn),
                        Optional.of(String.valueOf(file.getFileName())));
            }
        }
        long next = files.isEmpty() ? 1 : LogFiles.number(files.getLast()).orElseThrow() + 1;
        return new Found(Head.NONE, next, 0, List.copyOf(torn), Optional.empty());
    }

    private static void report(FileScan scan) {
        if (scan.breaks() > 0 || scan.tail().lineFeeds() > 0) {
            LOG.errorf(
                    "audit: %s holds lines that were not written so; run \"countersign audit verify\" on its folder, and compare"
                            + " with a copy. The log goes on after line %d.",
                    scan.file(), scan.head().map(Head::seq).orElse(0L));
        } else if (scan.tail().bytes() > 0) {
            LOG.warnf(
                    "audit: the last %d bytes of %s are a line that was never finished; they stay there, and the log goes on in a"
                            + " new file that says so.",
                    scan.tail().bytes(), scan.file());
        }
    }

    @Override
    public Head head() {
        return head;
    }

    @Override
    public Optional<Map<String, Object>> opening(long bytes) {
        if (durable > 0 && durable + bytes <= maxBytes) {
            return Optional.empty();
        }
        if (durable > 0) {
            follows = Optional.of(LogFiles.name(number));
            closeChannel();
            number++;
            durable = 0;
            made = false;
            torn = List.of();
        }
        var members = new LinkedHashMap<String, Object>();
        members.put("file", LogFiles.name(number));
        follows.ifPresent(before -> members.put("follows", before));
        if (!torn.isEmpty()) {
            members.put("torn", torn);
        }
        return Optional.of(members);
    }

    @Override
    public void append(byte[] lines) throws IOException {
        FileChannel open = channel();
        if (durable > 0 && Files.size(folder.resolve(LogFiles.name(number))) < durable) {
            throw new IOException("somebody cut %s off".formatted(LogFiles.name(number)));
        }
        var bytes = ByteBuffer.wrap(lines);
        while (bytes.hasRemaining()) {
            open.write(bytes, durable + bytes.position());
        }
        open.force(false);
        durable += lines.length;
    }

    private FileChannel channel() throws IOException {
        FileChannel open = channel;
        if (open != null) {
            return open;
        }
        Path file = folder.resolve(LogFiles.name(number));
        if (durable == 0) {
            var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            open = posix(folder)
                    ? FileChannel.open(
                            file,
                            options,
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
                    : FileChannel.open(file, options);
            channel = open;
            made = true;
            syncFolder();
        } else {
            open = FileChannel.open(file, StandardOpenOption.WRITE);
            channel = open;
        }
        return open;
    }

    /** POSIX: a file's name is durable when its folder is. Where folders cannot be opened, names are durable anyway. */
    private void syncFolder() throws IOException {
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /**
     * The file is cut off where it was durable last: after a failed fdatasync nobody knows what of the rest is on disk. It is
     * opened anew by its name; when what is there now is shorter, or gone, somebody took it away, and the log goes on in a new file.
     */
    @Override
    public void mend() throws IOException {
        closeChannel();
        Path file = folder.resolve(LogFiles.name(number));
        if (!Files.exists(file) || Files.size(file) < durable) {
            if (durable > 0) {
                LOG.errorf("audit: %s is gone or shorter than it was; the log goes on in a new file", file);
                follows = Optional.of(LogFiles.name(number));
                torn = List.of();
                number++;
                durable = 0;
            }
            made = false;
            return;
        }
        if (durable == 0 && !made) {
            LOG.errorf("audit: %s is there already, and not ours; the log goes on in the next file", file);
            number++;
            return;
        }
        FileChannel open = FileChannel.open(file, StandardOpenOption.WRITE);
        channel = open;
        open.truncate(durable);
        open.force(true);
        syncFolder();
    }

    private void closeChannel() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.warnf(
                        "audit: a file could not be closed (%s); everything in it that counts is durable",
                        e.getMessage());
            }
        }
    }

    @Override
    public String words() {
        return folder.toString();
    }

    /** Lets the next process in. */
    @Override
    public void close() {
        closeChannel();
        if (!lock.isValid()) {
            return;
        }
        try {
            lock.release();
            lockChannel.close();
        } catch (IOException e) {
            LOG.warnf(
                    "audit: the lock of %s could not be released (%s); it ends with this process",
                    folder, e.getMessage());
        }
    }
}
