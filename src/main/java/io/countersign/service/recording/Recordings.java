package io.countersign.service.recording;

import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of recorded cases: one file each, whole or not there at all, readable by the service's user only, the oldest removed
 * beyond the bounds. What led to no token takes at most a quarter of them: whoever sends refused evidence for nothing must not
 * drive out the rest. Used by one thread at a time.
 */
public final class Recordings {
    /** Sorts by time; twelve hex digits of seconds and milliseconds would too, but people read this. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final String TOKENLESS = "-tokenless";
    private static final int SHARE_OF_TOKENLESS = 4;

    private static final Pattern OURS = Pattern.compile("\\d{8}T\\d{6}\\.\\d{3}Z-[0-9a-f]{16}(?:-tokenless)?\\.json");
    private static final Pattern LEFT_OVER =
            Pattern.compile("\\.\\d{8}T\\d{6}\\.\\d{3}Z-[0-9a-f]{16}(?:-tokenless)?\\.json\\.tmp");
    private static final int DIGITS = 16;

    private final Path folder;
    private final long maxBytes;
    private final int maxCases;
    private final Kept all = new Kept();
    private final Kept tokenless = new Kept();
    private final AtomicLong bytes = new AtomicLong();

    /** What became of a request. */
    public enum Ending {
        TOKEN,
        NO_TOKEN
    }

    /** Files and their sizes, the oldest first. */
    private static final class Kept {
        private final TreeMap<String, Long> sizes = new TreeMap<>();
        private long bytes;

        void add(String name, long size) {
            Long replaced = sizes.put(name, size);
            bytes += size - (replaced == null ? 0 : replaced);
        }

        void remove(String name) {
            Long size = sizes.remove(name);
            bytes -= size == null ? 0 : size;
        }

        boolean isBeyond(long maxBytes, int maxCases) {
            return !sizes.isEmpty() && (sizes.size() > maxCases || bytes > maxBytes);
        }

        String oldest() {
            return sizes.firstKey();
        }
    }

    private Recordings(Path folder, long maxBytes, int maxCases) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.maxCases = maxCases;
    }

    /** Opens the folder, making it where it is not there; files of other names in it are left alone. */
    public static Recordings open(Path folder, long maxBytes, int maxCases) {
        if (maxBytes < 1 || maxCases < 1) {
            throw new IllegalArgumentException(
                    "countersign.recording.max-bytes and countersign.recording.max-cases are at least 1");
        }
        var recordings = new Recordings(folder, maxBytes, maxCases);
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
                if (posix(folder)) {
                    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
                }
            }
            recordings.count();
            recordings.removeBeyondBounds();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "countersign.recording.dir %s cannot be made or read; name a folder that the service may write, or leave it unset"
                            .formatted(folder),
                    e);
        }
        return recordings;
    }

    private static boolean posix(Path folder) throws IOException {
        return Files.getFileStore(folder).supportsFileAttributeView("posix");
    }

    private void count() throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(folder)) {
            files = found.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        }
        for (Path file : files) {
            String name = String.valueOf(file.getFileName());
            if (LEFT_OVER.matcher(name).matches()) {
                Files.deleteIfExists(file);
            } else if (OURS.matcher(name).matches()) {
                add(name, Files.size(file));
            }
        }
    }

    private void add(String name, long size) {
        all.add(name, size);
        if (name.contains(TOKENLESS)) {
            tokenless.add(name, size);
        }
        bytes.set(all.bytes);
    }

    /** Writes one case and makes room for it. */
    void write(Instant now, Ending ending, byte[] text) throws IOException {
        if (text.length > maxBytes) {
            throw new IOException("one case is larger than countersign.recording.max-bytes");
        }
        String digest = Bytes.copyOf(text).sha256().toString().substring(0, DIGITS);
        String name = TIME.format(now) + "-" + digest + (ending == Ending.NO_TOKEN ? TOKENLESS : "") + ".json";
        Path unfinished = folder.resolve("." + name + ".tmp");
        try {
            try (var out = Files.newByteChannel(
                    unfinished,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE),
                    onlyOwner())) {
                var rest = java.nio.ByteBuffer.wrap(text);
                while (rest.hasRemaining()) {
                    out.write(rest);
                }
            }
            Files.move(unfinished, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        add(name, text.length);
        removeBeyondBounds();
    }

    private java.nio.file.attribute.FileAttribute<?>[] onlyOwner() throws IOException {
        return posix(folder)
                ? new java.nio.file.attribute.FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new java.nio.file.attribute.FileAttribute<?>[0];
    }

    private void removeBeyondBounds() throws IOException {
        while (tokenless.isBeyond(maxBytes / SHARE_OF_TOKENLESS, Math.max(1, maxCases / SHARE_OF_TOKENLESS))) {
            remove(tokenless.oldest());
        }
        while (all.isBeyond(maxBytes, maxCases)) {
            remove(all.oldest());
        }
    }

    private void remove(String name) throws IOException {
        all.remove(name);
        tokenless.remove(name);
        bytes.set(all.bytes);
        Files.deleteIfExists(folder.resolve(name));
    }

    /** Bytes of all cases that are kept. */
    public long bytes() {
        return bytes.get();
    }
}
