package io.countersign.service.signing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A folder of keys: the ring, the private halves that are files, and the lock of whoever changes them. */
public final class KeyFolder {
    private static final int MOST_BYTES = 256 * 1024;
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);
    private static final Duration LOCK_STEP = Duration.ofMillis(50);

    /**
     * For the whole process, because file locks are too: closing one channel of a file gives up the locks of all others on
     * it (java.nio.channels.FileLock).
     */
    private static final ReentrantLock IN_THIS_PROCESS = new ReentrantLock();

    private final Path folder;
    private final KeyPurpose purpose;

    /** A change made while nobody else makes one. */
    @FunctionalInterface
    interface Change<T> {
        T make() throws KeyTroubleException;
    }

    private KeyFolder(KeyPurpose purpose, Path folder) {
        this.purpose = purpose;
        this.folder = folder;
    }

    /** {@code keys} in the data folder. */
    public KeyFolder(Path dataDir, KeyPurpose purpose) {
        this(purpose, dataDir.resolve("keys"));
    }

    /** The folder that is named, or else {@code keys} in the data folder. */
    public static KeyFolder of(Optional<Path> keysDir, Path dataDir, KeyPurpose purpose) {
        return keysDir.map(named -> new KeyFolder(purpose, named)).orElseGet(() -> new KeyFolder(dataDir, purpose));
    }

    public KeyPurpose purpose() {
        return purpose;
    }

    /** The folder itself. */
    public Path path() {
        return folder;
    }

    public Path ringFile() {
        return folder.resolve("ring-%s.json".formatted(purpose.word()));
    }

    /** Whether this process may change keys here. */
    public Access access() {
        for (Path each = folder.toAbsolutePath(); each != null; each = each.getParent()) {
            if (Files.exists(each)) {
                return Files.isWritable(each) ? Access.CHANGE : Access.READ_ONLY;
            }
        }
        return Access.READ_ONLY;
    }

    /** What a process may do here. */
    public enum Access {
        CHANGE,
        READ_ONLY
    }

    /** The ring's text; empty when there is no ring yet. */
    Optional<String> ringText() throws KeyTroubleException {
        return read(ringFile());
    }

    /** The ring of a text that {@link #ringText} gave. */
    KeyRing parse(String text) throws KeyTroubleException {
        try {
            return RingDocument.read(text, purpose);
        } catch (KeyTroubleException e) {
            throw new KeyTroubleException(
                    "the key ring %s is damaged: %s; restore it from a backup".formatted(ringFile(), e.why()), e);
        }
    }

    /** The ring; empty when there is none yet. */
    public Optional<KeyRing> ring() throws KeyTroubleException {
        Optional<String> text = ringText();
        return text.isPresent() ? Optional.of(parse(text.get())) : Optional.empty();
    }

    void write(KeyRing ring) throws KeyTroubleException {
        write(ringFile(), RingDocument.write(ring, purpose));
    }

    /** The name of the file that holds the private half of a new key. */
    String nameFor(SigningAlgorithm algorithm, String kid) {
        return "%s-%s-%s.jwk".formatted(purpose.word(), algorithm, kid);
    }

    /** The name of the one key's file from before there were rings. */
    String nameBeforeRings(SigningAlgorithm algorithm) {
        return "%s-%s.jwk".formatted(purpose.word(), algorithm);
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    Optional<String> readKey(String name) throws KeyTroubleException {
        return read(file(name));
    }

    void writeKey(String name, String text) throws KeyTroubleException {
        write(file(name), text);
    }

    void deleteKey(String name) throws KeyTroubleException {
        try {
            Files.deleteIfExists(file(name));
        } catch (IOException e) {
            throw new KeyTroubleException("%s cannot be deleted: %s".formatted(file(name), why(e)), e);
        }
    }

    /** When a file was written. */
    Instant written(String name) throws KeyTroubleException {
        try {
            return Files.getLastModifiedTime(file(name)).toInstant();
        } catch (IOException e) {
            throw new KeyTroubleException("%s cannot be read: %s".formatted(file(name), why(e)), e);
        }
    }

    /** Makes a change while no other process and no other thread makes one here. */
    <T> T locked(Change<T> change) throws KeyTroubleException {
        Instant until = Instant.now().plus(LOCK_PATIENCE);
        try {
            if (!IN_THIS_PROCESS.tryLock(LOCK_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw busy();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw busy();
        }
        try (FileChannel channel = lockFile();
                FileLock _ = lock(channel, until)) {
            return change.make();
        } catch (IOException e) {
            throw new KeyTroubleException(
                    "%s cannot be written: %s; keys are kept under countersign.data-dir, which must be a folder that this"
                                    .formatted(folder, why(e))
                            + " process may write",
                    e);
        } finally {
            IN_THIS_PROCESS.unlock();
        }
    }

    private FileChannel lockFile() throws IOException {
        makeFolder();
        Path file = folder.resolve("ring-%s.lock".formatted(purpose.word()));
        // No link is followed, here and below: whoever can write this folder must not choose which file root opens or
        // gives away.
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        handToOwner(file);
        return channel;
    }

    private FileLock lock(FileChannel channel, Instant until) throws IOException, KeyTroubleException {
        while (true) {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
            if (Instant.now().isAfter(until)) {
                throw busy();
            }
            try {
                Thread.sleep(LOCK_STEP);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw busy();
            }
        }
    }

    private KeyTroubleException busy() {
        return new KeyTroubleException(
                "somebody else is changing the keys in %s, and did not end within %d s; try again"
                        .formatted(folder, LOCK_PATIENCE.toSeconds()));
    }

    private void makeFolder() throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private static Optional<String> read(Path file) throws KeyTroubleException {
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new KeyTroubleException("%s is longer than %d bytes".formatted(file, MOST_BYTES));
            }
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new KeyTroubleException("%s cannot be read: %s".formatted(file, why(e)), e);
        }
    }

    /** Whole or not at all, whatever happens meanwhile. */
    private void write(Path file, String text) throws KeyTroubleException {
        Path draft = null;
        try {
            makeFolder();
            draft = Files.createTempFile(
                    folder,
                    ".new-",
                    ".tmp",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            handToOwner(draft);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            draft = null;
            try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                // The new name outlives a loss of power, too.
                channel.force(true);
            }
        } catch (IOException e) {
            throw new KeyTroubleException("%s cannot be written: %s".formatted(file, why(e)), e);
        } finally {
            remove(draft);
        }
    }

    private static void remove(@Nullable Path draft) {
        if (draft != null) {
            try {
                Files.deleteIfExists(draft);
            } catch (IOException _) {
                // Why nothing was written is told already, and matters more.
            }
        }
    }

    /** What root makes in a folder of the service's user is the user's: the service must read it. */
    private void handToOwner(Path file) throws IOException {
        UserPrincipal owner = Files.getOwner(folder);
        if (!Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
            try {
                Files.getFileAttributeView(file, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .setOwner(owner);
            } catch (FileSystemException _) {
                // Only root can; whoever else writes here shares the folder knowingly.
            }
        }
    }

    private static String why(IOException problem) {
        return switch (problem) {
            case NoSuchFileException _ -> "it is not there";
            case AccessDeniedException _ -> "this process may not";
            case NotDirectoryException _ -> "it is not a folder";
            case CharacterCodingException _ -> "it is not UTF-8 text";
            case FileSystemException about ->
                Optional.ofNullable(about.getReason()).orElse("the file system does not say why");
            default -> Optional.ofNullable(problem.getMessage()).orElse("the file system does not say why");
        };
    }
}
