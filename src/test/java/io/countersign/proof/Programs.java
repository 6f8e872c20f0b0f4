package io.countersign.proof;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Other people's programs, found on PATH and run to their end. */
final class Programs {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** How a program ended and what it printed, both streams together. */
    record Ran(int exit, String output) {}

    private Programs() {}

    /** Skips the test where one of them is not installed. */
    static void assumeInstalled(String... names) {
        for (String name : names) {
            Assumptions.assumeTrue(onPath(name), "%s is not installed; its proof is left out here".formatted(name));
        }
    }

    private static boolean onPath(String name) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin";
        return Arrays.stream(path.split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(name)));
    }

    static Ran run(List<String> command, Map<String, String> environment, Path folder)
            throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true).directory(folder.toFile());
        builder.environment().putAll(environment);
        builder.environment().merge("PATH", "/usr/sbin", (before, more) -> before + ":" + more);
        Path output = Files.createTempFile("countersign-proof-", ".txt");
        Process process = builder.redirectOutput(output.toFile()).start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("%s did not end within %s".formatted(command, PATIENCE));
            }
            try (InputStream printed = Files.newInputStream(output)) {
                return new Ran(process.exitValue(), new String(printed.readAllBytes(), StandardCharsets.UTF_8));
            }
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(output);
        }
    }
}
