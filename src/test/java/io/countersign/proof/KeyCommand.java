package io.countersign.proof;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code ./countersign keys}, as an operator runs it beside the running service. */
final class KeyCommand {
    private KeyCommand() {}

    /** Runs it on the laboratory keys of that service and gives what it printed; it has to succeed. */
    static String run(PackagedService service, String... words) throws IOException, InterruptedException {
        return run(
                service.folder(),
                List.of("--data-dir", service.folder().resolve("data").toString()),
                words);
    }

    /** The same on laboratory keys in a folder of their own, where no service need run. */
    static String run(Path keysDir, String... words) throws IOException, InterruptedException {
        return run(Path.of("."), List.of("--keys-dir", keysDir.toAbsolutePath().toString()), words);
    }

    private static String run(Path workingFolder, List<String> place, String... words)
            throws IOException, InterruptedException {
        Programs.Ran ran = run(List.of(), workingFolder, place, words);
        if (ran.exit() != 0) {
            throw new IllegalStateException(
                    "keys %s ended with %d: %s".formatted(List.of(words), ran.exit(), ran.output()));
        }
        return ran.output();
    }

    /** Runs it on the laboratory keys of that data folder by another program, which is given the command as its last words. */
    static Programs.Ran run(List<String> program, Path data, String... words) throws IOException, InterruptedException {
        return run(program, Path.of("."), List.of("--data-dir", data.toString()), words);
    }

    private static Programs.Ran run(List<String> program, Path workingFolder, List<String> place, String... words)
            throws IOException, InterruptedException {
        Path app = Path.of("target", "quarkus-app").toAbsolutePath();
        var command = new ArrayList<>(program);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                "%s/app/*:%s/lib/main/*:%s/lib/boot/*".formatted(app, app, app),
                "io.countersign.cli.Main",
                "keys"));
        command.addAll(List.of(words));
        command.add("--insecure");
        command.addAll(place);
        return Programs.run(command, Map.of(), workingFolder);
    }
}
