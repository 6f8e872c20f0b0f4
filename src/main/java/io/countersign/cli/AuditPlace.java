package io.countersign.cli;

import io.countersign.service.audit.LogFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Parameters;

/** Which log a command is about. */
final class AuditPlace {
    private static final Path STANDARD_INPUT = Path.of("-");

    @Parameters(
            paramLabel = "<folder|file>",
            arity = "1..*",
            description =
                    "A folder of audit-*.jsonl, or files in the order in which they were written; - is standard input.")
    private List<Path> places = List.of();

    /** The files, in the order in which they were written. */
    List<Path> files() throws CommandException {
        var files = new ArrayList<Path>();
        for (Path place : places) {
            if (Files.isDirectory(place)) {
                List<Path> found = in(place);
                if (found.isEmpty()) {
                    throw new CommandException("%s holds no audit-*.jsonl".formatted(place));
                }
                files.addAll(found);
            } else {
                files.add(place);
            }
        }
        return files;
    }

    private static List<Path> in(Path folder) throws CommandException {
        try {
            return LogFiles.in(folder);
        } catch (IOException e) {
            throw FileTrouble.reading(folder, e);
        }
    }

    static InputStream open(Path file) throws IOException {
        return file.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(file);
    }

    static String name(Path file) {
        return file.equals(STANDARD_INPUT) ? "standard input" : file.toString();
    }
}
