package io.countersign.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that commands share which judge evidence. */
final class Anchors {
    @Option(
            names = "--laboratory",
            paramLabel = "<file>",
            description = "A laboratory's anchors, for evidence that software made. Never for evidence that counts.")
    private @Nullable Path file;

    Court court() throws CommandException {
        return Court.of(Optional.ofNullable(file));
    }
}
