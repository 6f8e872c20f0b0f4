package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The folder of endorsements. Trouble with it is a warning and never fails a request: an unreadable file counts as absent,
 * and what cannot be written is used all the same.
 */
final class EndorsementStore {
    /** A file's content and when it was last written. */
    record Stored(Bytes content, Instant modified) {}

    private static final int MOST_FAMILY_FILES = 2_000;
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final Optional<Path> root;
    private final int mostMachineFiles;
    private final Warnings warnings;
    private OptionalLong files = OptionalLong.empty();

    EndorsementStore(Optional<Path> dataDir, int mostMachineFiles, Warnings warnings) {
        this.root =
                dataDir.map(dir -> dir.resolve("endorsements").toAbsolutePath().normalize());
        this.mostMachineFiles = mostMachineFiles;
        this.warnings = warnings;
    }

    Optional<Stored> read(String name, int maxLength) {
        return root.flatMap(folder -> read(resolve(folder, name), name, maxLength));
    }

    private Optional<Stored> read(Path file, String name, int maxLength) {
        // A pipe or a device in the place of a file would make the read wait for ever. Links are followed: mounted
        // Kubernetes volumes are made of them.
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (var in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(maxLength + 1);
            if (content.length > maxLength) {
                unreadable(name, "it is longer than %d bytes".formatted(maxLength));
                return Optional.empty();
            }
            return Optional.of(new Stored(
                    Bytes.copyOf(content), Files.getLastModifiedTime(file).toInstant()));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            unreadable(name, "reading it failed (%s)".formatted(e.getClass().getSimpleName()));
            return Optional.empty();
        }
    }

    void unreadable(String name, String why) {
        warnings.warn(
                GatheringWarning.FOLDER_UNREADABLE,
                "the file %s in the folder of endorsements is not used: %s".formatted(name, why));
    }

    /** Writes a file so that nobody ever sees half of it. */
    void write(String name, Bytes content, EndorsementTraits.Use use) {
        root.ifPresent(folder -> write(folder, resolve(folder, name), name, content, use));
    }

    private void write(Path folder, Path file, String name, Bytes content, EndorsementTraits.Use use) {
        try {
            if (!Files.exists(file) && !roomFor(folder, file, use)) {
                return;
            }
            Path directory = file.resolveSibling("");
            Files.createDirectories(directory, readableByUs("rwx------"));
            Path half = Files.createTempFile(directory, ".half-", "", readableByUs("rw-------"));
            try {
                Files.write(half, content.toByteArray());
                Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(half);
            }
        } catch (IOException | UncheckedIOException e) {
            warnings.warn(
                    GatheringWarning.FOLDER_UNWRITABLE,
                    "%s could not be kept in the folder of endorsements (%s): check that countersign.data-dir exists and may be written"
                            .formatted(name, e.getClass().getSimpleName()));
        }
    }

    private boolean roomFor(Path folder, Path file, EndorsementTraits.Use use) throws IOException {
        return switch (use) {
            case SHARED -> true;
            case PER_FAMILY -> roomForFamily(file);
            case PER_MACHINE -> roomForMachine(folder);
        };
    }

    /** A bound that no honest vendor comes near: each family has a file or two. */
    private boolean roomForFamily(Path file) throws IOException {
        Path directory = file.resolveSibling("");
        boolean room = !Files.isDirectory(directory) || count(directory) < MOST_FAMILY_FILES;
        if (!room) {
            warnings.warn(
                    GatheringWarning.FOLDER_FULL,
                    "a directory in the folder of endorsements holds %d files; more families of machines are not written. Remove old ones"
                            .formatted(MOST_FAMILY_FILES));
        }
        return room;
    }

    /** KDS certifies every TCB of a chip that anyone asks for, so without a bound the folder could be made to grow. */
    private synchronized boolean roomForMachine(Path folder) throws IOException {
        long count = files.isPresent() ? files.getAsLong() : count(folder);
        boolean room = count < mostMachineFiles;
        files = OptionalLong.of(room ? count + 1 : count);
        if (!room) {
            warnings.warn(
                    GatheringWarning.FOLDER_FULL,
                    "the folder of endorsements holds %d files; more certificates of machines are not written. Raise countersign.collateral.stored-chips or remove old ones"
                            .formatted(mostMachineFiles));
        }
        return room;
    }

    private static long count(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (var all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    private static FileAttribute<?>[] readableByUs(String permissions) {
        return POSIX
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static Path resolve(Path folder, String name) {
        Path file = folder.resolve(name).normalize();
        if (!file.startsWith(folder)) {
            throw new IllegalStateException("a name of an endorsement leads out of the folder");
        }
        return file;
    }
}
