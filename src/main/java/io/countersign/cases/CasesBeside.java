package io.countersign.cases;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Case files below the folder of a policy's file: nothing outside of it is ever opened. */
final class CasesBeside implements CaseSource {
    static final int MAX_BYTES = 4 * 1024 * 1024;

    /** Names that are looked through to find one that was perhaps meant. */
    private static final int MOST_NAMES = 500;

    private final Path folder;
    private final CaseReader reader;
    private final CaseSource shipped;

    CasesBeside(Path policyFile, CaseReader reader, CaseSource shipped) {
        Path parent = policyFile.toAbsolutePath().getParent();
        this.folder = parent == null ? policyFile.toAbsolutePath() : parent;
        this.reader = reader;
        this.shipped = shipped;
    }

    @Override
    public Case find(String name) throws CaseException {
        if (name.startsWith(Cases.FIXTURE)) {
            return shipped.find(name);
        }
        Path relative = relative(name);
        try {
            // Kubernetes mounts files as links into a folder beside them, so links are followed and where they end
            // counts.
            Path real = folder.resolve(relative).toRealPath();
            if (!real.startsWith(folder.toRealPath())) {
                throw new CaseException(
                        "the case %s leads out of the folder of the policy; put the file itself beside the policy"
                                .formatted(name));
            }
            if (!Files.isRegularFile(real)) {
                throw new CaseException("the case %s is not a file".formatted(name));
            }
            return reader.read(name, content(name, real));
        } catch (NoSuchFileException _) {
            throw new CaseException(
                    "there is no case %s beside the policy%s; what begins with fixture: names one that ships"
                            .formatted(name, NearNames.suggest(name, beside())));
        } catch (IOException e) {
            throw new CaseException("the case %s cannot be read (%s)"
                    .formatted(name, e.getClass().getSimpleName()));
        }
    }

    private static Path relative(String name) throws CaseException {
        try {
            Path path = Path.of(name);
            boolean upwards = Stream.iterate(0, i -> i < path.getNameCount(), i -> i + 1)
                    .map(path::getName)
                    .anyMatch(part ->
                            part.toString().equals("..") || part.toString().isEmpty());
            if (!path.isAbsolute() && !upwards) {
                return path;
            }
        } catch (InvalidPathException _) {
            // said below
        }
        throw new CaseException("the case \"%s\" is not named by a path below the folder of the policy, without \"..\""
                .formatted(name));
    }

    private static byte[] content(String name, Path file) throws IOException, CaseException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MAX_BYTES + 1);
            if (content.length > MAX_BYTES) {
                throw new CaseException("the case %s has more than %d bytes, the most that a request may have"
                        .formatted(name, MAX_BYTES));
            }
            return content;
        }
    }

    private List<String> beside() {
        try (Stream<Path> files = Files.walk(folder, 3)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .limit(MOST_NAMES)
                    .map(file -> folder.relativize(file).toString())
                    .toList();
        } catch (IOException | java.io.UncheckedIOException _) {
            return List.of();
        }
    }
}
