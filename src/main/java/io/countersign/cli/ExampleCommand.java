package io.countersign.cli;

import io.countersign.service.policies.ShippedPolicies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code policy example}: copies a worked example, to begin from. */
@Command(
        name = "example",
        mixinStandardHelpOptions = true,
        description = "Copies a worked example into a new folder; without arguments, lists the examples.")
final class ExampleCommand implements Callable<Integer> {
    @Parameters(index = "0", arity = "0..1", paramLabel = "<example>", description = "Which one.")
    private @Nullable String name;

    @Parameters(index = "1", arity = "0..1", paramLabel = "<folder>", description = "Where to; it must not exist yet.")
    private @Nullable Path folder;

    @Option(names = "--json", description = "The same as JSON.")
    private boolean json;

    @Override
    public Integer call() throws CommandException {
        var terminal = Terminal.of(System.out);
        if (name == null) {
            print(terminal, "examples", ShippedPolicies.examples());
            return Main.FINE;
        }
        Map<String, String> files = ShippedPolicies.example(name);
        if (files.isEmpty()) {
            throw new CommandException("there is no example %s; there are %s"
                    .formatted(name, String.join(", ", ShippedPolicies.examples())));
        }
        var written = new ArrayList<String>();
        Path target = folder == null ? Path.of(name) : folder;
        try {
            Path parent = target.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.createDirectory(target);
            for (var file : files.entrySet()) {
                written.add(Files.writeString(target.resolve(file.getKey()), file.getValue())
                        .toString());
            }
        } catch (IOException e) {
            throw FileTrouble.writing(target, e);
        }
        print(terminal, "files", written);
        return Main.FINE;
    }

    private void print(Terminal terminal, String what, List<String> names) {
        if (json) {
            terminal.json(Map.of(what, names));
        } else {
            names.forEach(terminal::line);
        }
    }
}
