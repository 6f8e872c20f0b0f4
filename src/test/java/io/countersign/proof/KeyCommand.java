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
        Path app = Path.of("target", "quarkus-app").toAbsolutePath();
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                "%s/app/*:%s/lib/main/*:%s/lib/boot/*".formatted(app, app, app),
                "io.countersign.cli.Main",
                "keys"));
        command.addAll(List.of(words));
        command.addAll(List.of(
                "--insecure", "--data-dir", service.folder().resolve("data").toString()));
        Programs.Ran ran = Programs.run(command, Map.of(), service.folder());
        if (ran.exit() != 0) {
            throw new IllegalStateException("%s ended with %d: %s".formatted(command, ran.exit(), ran.output()));
        }
        return ran.output();
    }
}
