package io.countersign.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Files for tokens, keys and secrets: readable by their owner alone, and whole or absent, never half. */
public final class SecretFile {
    private static final Set<PosixFilePermission> OWNER_ALONE =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private static final int MAX_BYTES = 1024 * 1024;

    private SecretFile() {}

    /** Throws now what {@link #write} would throw later, when what is to be written may be lost. */
    public static void demandPlace(Path file) throws IOException {
        if (!Files.isWritable(folder(file))) {
            throw new FileSystemException(file.toString(), null, "its folder cannot be written to");
        }
    }

    /** Writes beside the file, then puts it into its place in one step. */
    public static void write(Path file, byte[] content) throws IOException {
        Path folder = folder(file);
        // The permissions belong to the creation: a chmod afterwards would leave a moment in which others can open it.
        Path fresh = Files.createTempFile(
                folder, "." + file.getFileName(), ".new", PosixFilePermissions.asFileAttribute(OWNER_ALONE));
        try {
            try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                var rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(fresh);
            throw e;
        }
    }

    /** Reads a file that nobody but its owner may read. */
    public static byte[] read(Path file) throws IOException {
        for (PosixFilePermission permission : Files.getPosixFilePermissions(file)) {
            if (!OWNER_ALONE.contains(permission) && permission != PosixFilePermission.OWNER_EXECUTE) {
                throw new FileSystemException(
                        file.toString(), null, "others than its owner may use it; run chmod 600 " + file);
            }
        }
        try (var in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MAX_BYTES + 1);
            if (content.length > MAX_BYTES) {
                throw new FileSystemException(file.toString(), null, "it has more than " + MAX_BYTES + " bytes");
            }
            return content;
        }
    }

    private static Path folder(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new FileSystemException(file.toString(), null, "its folder does not exist; make it first");
        }
        return folder;
    }
}
