package io.countersign.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Policies and values files on disk, found where the service would find them: in a folder, and one level below. */
final class PolicyFiles {
    /** One byte more than any policy may have, so that the parser sees that a file is too long. */
    private static final int READ_AT_MOST = 64 * 1024 + 1;

    private static final int LEVELS_READ = 2;
    private static final int LEVELS_LOOKED_AT = 6;
    private static final int MOST_NAMED = 20;

    /** Other YAML lies about too, and need not be parsed to know that nothing draws it in. */
    private static final Pattern DECLARES = Pattern.compile("(?m)^(?:policy|values)\\s*:");

    private PolicyFiles() {}

    /** The texts in a folder; empty where a file is not UTF-8. */
    static Map<Path, Optional<String>> in(Path folder) throws CommandException {
        var files = new LinkedHashMap<Path, Optional<String>>();
        for (Path each : visible(folder)) {
            for (Path file : Files.isDirectory(each) ? visible(each) : List.of(each)) {
                if (holdsYaml(file)) {
                    files.put(file, text(file));
                }
            }
        }
        return files;
    }

    /** What a file may draw in from around it; what cannot be read there is nobody's business. */
    static Map<Path, String> beside(Path file) {
        Path folder = Optional.ofNullable(file.getParent()).orElse(Path.of(""));
        var files = new LinkedHashMap<Path, String>();
        for (Path each : visibleOrNone(folder)) {
            for (Path other : Files.isDirectory(each) ? visibleOrNone(each) : List.of(each)) {
                if (holdsYaml(other) && !other.equals(file)) {
                    textOrNone(other)
                            .filter(text -> DECLARES.matcher(text).find())
                            .ifPresent(text -> files.put(other, text));
                }
            }
        }
        return files;
    }

    /** Files that look like policies and lie deeper than anybody reads. */
    static List<Path> tooDeep(Path folder) {
        try (Stream<Path> files = Files.walk(folder, LEVELS_LOOKED_AT)) {
            return files.filter(file -> folder.relativize(file).getNameCount() > LEVELS_READ)
                    .filter(PolicyFiles::holdsYaml)
                    .sorted()
                    .limit(MOST_NAMED)
                    .toList();
        } catch (IOException | UncheckedIOException _) {
            return List.of(); // whoever reads the folder has said it
        }
    }

    /** The text of one file; empty where it is not UTF-8. */
    static Optional<String> text(Path file) throws CommandException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] read = in.readNBytes(READ_AT_MOST);
            return read.length == READ_AT_MOST
                    // Too long in any case, and perhaps cut within a character.
                    ? Optional.of(new String(read, StandardCharsets.UTF_8))
                    : Optional.of(StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(read))
                            .toString());
        } catch (CharacterCodingException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw FileTrouble.reading(file, e);
        }
    }

    private static Optional<String> textOrNone(Path file) {
        try {
            return text(file);
        } catch (CommandException _) {
            return Optional.empty();
        }
    }

    private static boolean holdsYaml(Path file) {
        String name = String.valueOf(file.getFileName());
        return (name.endsWith(".yaml") || name.endsWith(".yml")) && !name.startsWith(".") && Files.isRegularFile(file);
    }

    private static List<Path> visible(Path folder) throws CommandException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(each -> !String.valueOf(each.getFileName()).startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw FileTrouble.reading(folder, e);
        }
    }

    private static List<Path> visibleOrNone(Path folder) {
        try {
            return visible(folder);
        } catch (CommandException _) {
            return List.of();
        }
    }
}
