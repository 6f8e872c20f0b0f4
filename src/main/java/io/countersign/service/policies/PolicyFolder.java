package io.countersign.service.policies;

import io.countersign.service.policies.FolderReading.Found;
import io.countersign.service.policies.FolderReading.SignatureFile;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A folder of policy files: {@code *.yaml} and {@code *.yml} directly in it and in its sub-folders, one level down. Names
 * that begin with a dot are passed over, so that a mounted ConfigMap, whose files are links into its folder
 * {@code ..data}, is seen once. A link is followed as long as it stays in the folder.
 */
final class PolicyFolder {
    static final int MOST_FILES = 500;
    /** What may lie in one folder at all, so that listing ends. */
    private static final int MOST_NAMES = 10_000;
    /** One byte more than a policy may have, so that the parser sees that a file is too long. */
    static final int POLICY_BYTES = 64 * 1024 + 1;
    /** An RSA key of 8192 bits signs with 1 KiB, in base64 with 1.4 KiB. */
    static final int SIGNATURE_BYTES = 4 * 1024;

    static final String SIGNATURE = ".sig";
    /** A policy's folder may keep its cases in a folder. */
    private static final int CASES_DEPTH = 2;

    /** At the top of many volumes, and for root alone. */
    private static final String LOST_AND_FOUND = "lost+found";

    private final Path folder;
    private final Signatures signatures;

    /** Whether signatures are looked for. */
    enum Signatures {
        READ,
        LEFT_ALONE
    }

    /** There are more files than anyone would look through. */
    private static final class TooManyException extends IOException {
        private static final long serialVersionUID = 1;

        TooManyException(String message) {
            super(message);
        }
    }

    PolicyFolder(Path folder, Signatures signatures) {
        this.folder = folder;
        this.signatures = signatures;
    }

    /** Where a file of a snapshot lies. */
    Path place(String file) {
        return folder.resolve(file);
    }

    /** Reads everything once. */
    FolderReading read() {
        try {
            return snapshot();
        } catch (IOException e) {
            return new FolderReading.Unreadable(why(e));
        } catch (DirectoryIteratorException _) {
            return new FolderReading.Unreadable("it cannot be listed to the end");
        } catch (SecurityException _) {
            return new FolderReading.Unreadable("this process may not read it");
        }
    }

    private FolderReading snapshot() throws IOException {
        Path root = folder.toRealPath();
        var files = new TreeMap<String, Found>();
        var cases = new TreeMap<String, String>();
        for (Path each : visible(root)) {
            if (Files.isDirectory(each)) {
                for (Path inner : ofSubFolder(root, each)) {
                    take(root, each.getFileName() + "/" + inner.getFileName(), inner, files);
                }
            } else {
                take(root, String.valueOf(each.getFileName()), each, files);
            }
        }
        mark(root, root, "", 0, cases);
        return new FolderReading.Snapshot(files, cases);
    }

    /** A sub-folder that cannot be read keeps everything as it is: its policies are not taken for removed. */
    private static List<Path> ofSubFolder(Path root, Path each) throws IOException {
        String name = Shown.name(String.valueOf(each.getFileName()));
        try {
            Path real = each.toRealPath();
            if (!real.startsWith(root)) {
                throw new IOException("it is a link that leads out of the folder; copy the files instead");
            }
            return visible(real);
        } catch (IOException e) {
            throw new IOException("of its sub-folder %s: %s".formatted(name, why(e)), e);
        }
    }

    private static List<Path> visible(Path directory) throws IOException {
        var names = new ArrayList<Path>();
        int seen = 0;
        try (var entries = Files.newDirectoryStream(directory)) {
            for (Path each : entries) {
                seen++;
                if (seen > MOST_NAMES) {
                    throw new TooManyException("it holds more than %d names in one folder".formatted(MOST_NAMES));
                }
                String name = String.valueOf(each.getFileName());
                if (!name.startsWith(".") && !name.equals(LOST_AND_FOUND)) {
                    names.add(each);
                }
            }
        }
        Collections.sort(names);
        return names;
    }

    private void take(Path root, String name, Path path, Map<String, Found> files) throws IOException {
        boolean policy = name.endsWith(".yaml") || name.endsWith(".yml");
        if (!policy || Files.isDirectory(path)) {
            return;
        }
        if (files.size() == MOST_FILES) {
            throw new TooManyException("it holds more than %d policy files".formatted(MOST_FILES));
        }
        files.put(Shown.name(name), found(root, path));
    }

    private Found found(Path root, Path path) {
        try {
            Bytes content = bytes(root, path, POLICY_BYTES);
            return new Found.Content(content, signatures == Signatures.READ ? signature(root, path) : Optional.empty());
        } catch (IOException e) {
            return new Found.Nothing(why(e));
        } catch (SecurityException _) {
            return new Found.Nothing("this process may not read it");
        }
    }

    private static Optional<SignatureFile> signature(Path root, Path path) {
        Path beside = path.resolveSibling(path.getFileName() + SIGNATURE);
        if (!Files.exists(beside)) {
            return Optional.empty();
        }
        try {
            Bytes content = bytes(root, beside, SIGNATURE_BYTES + 1);
            return Optional.of(
                    content.length() > SIGNATURE_BYTES
                            ? new SignatureFile.Unreadable("it is longer than %d bytes".formatted(SIGNATURE_BYTES))
                            : new SignatureFile.Content(content));
        } catch (IOException e) {
            return Optional.of(new SignatureFile.Unreadable(why(e)));
        }
    }

    /** Resolved first and then opened, so that what was judged to be in the folder is what is read. */
    private static Bytes bytes(Path root, Path path, int most) throws IOException {
        Path real = path.toRealPath();
        if (!real.startsWith(root)) {
            throw new IOException("it is a link that leads out of the folder; copy the file instead");
        }
        if (!Files.isRegularFile(real)) {
            throw new IOException("it is no regular file");
        }
        try (InputStream in = Files.newInputStream(real)) {
            return Bytes.copyOf(in.readNBytes(most));
        }
    }

    /** Size and time tell that a case changed; its bytes are read by the tests that name it. */
    private static void mark(Path root, Path directory, String prefix, int depth, Map<String, String> marks)
            throws TooManyException {
        try {
            for (Path each : visible(directory)) {
                String name = prefix + each.getFileName();
                if (Files.isDirectory(each)) {
                    if (depth < CASES_DEPTH && each.toRealPath().startsWith(root)) {
                        mark(root, each, name + "/", depth + 1, marks);
                    }
                } else if (name.endsWith(".json")) {
                    if (marks.size() == MOST_NAMES) {
                        throw new TooManyException("it holds more than %d cases".formatted(MOST_NAMES));
                    }
                    marks.put(name, Files.size(each) + " " + Files.getLastModifiedTime(each));
                }
            }
        } catch (TooManyException e) {
            throw e;
        } catch (IOException | DirectoryIteratorException _) {
            // The tests that name such a case say what is wrong with it.
            marks.put(prefix, "cannot be read");
        }
    }

    private static String why(IOException e) {
        return switch (e) {
            case TooManyException many -> String.valueOf(many.getMessage());
            case NoSuchFileException _ -> "it is not there, or is a link that leads nowhere";
            case AccessDeniedException _ -> "this process may not read it";
            case NotDirectoryException _ -> "it is no folder";
            case java.nio.file.FileSystemException system ->
                Optional.ofNullable(system.getReason()).orElse("the file system does not say why");
            default -> Optional.ofNullable(e.getMessage()).orElse("the file system does not say why");
        };
    }
}
