package io.countersign.clients;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** {@code countersign-attest} on a machine whose files are all in one folder. */
public final class BootClient {
    private static final Path SCRIPT =
            Path.of("clients", "shell", "countersign-attest").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final List<String> shell;
    private final TreeMap<String, String> environment = new TreeMap<>();

    /** How it ended and what it printed, both streams together. */
    public record Ran(int exit, String output) {}

    private BootClient(Path folder, List<String> shell) {
        this.folder = folder;
        this.shell = List.copyOf(shell);
    }

    /** With {@code sh}; skips the test where something that the script needs is not installed. */
    public static BootClient in(Path folder) throws IOException {
        return in(folder, "sh");
    }

    /** With that shell, a command of words. */
    public static BootClient in(Path folder, String shell) throws IOException {
        List<String> words = Arrays.asList(shell.split(" ", -1));
        assumeInstalled(words.getFirst(), "curl", "openssl", "awk", "mkfifo", "timeout");
        Files.createDirectories(folder.resolve("bin"));
        var client = new BootClient(folder, words);
        client.environment.put(
                "TMPDIR", Files.createDirectories(client.temporary()).toString());
        client.environment.put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        return client;
    }

    public static void assumeInstalled(String... names) {
        for (String name : names) {
            Assumptions.assumeTrue(isInstalled(name), name + " is not installed; what needs it is left out here");
        }
    }

    private static boolean isInstalled(String name) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(each -> Files.isExecutable(Path.of(each).resolve(name)));
    }

    /** Pauses take no time; their lengths are in {@link #pauses}. */
    public BootClient withoutPauses() throws IOException {
        program("sleep", "echo \"$1\" >>'%s'".formatted(folder.resolve("pauses")));
        return this;
    }

    public List<String> pauses() throws IOException {
        return Files.exists(folder.resolve("pauses")) ? Files.readAllLines(folder.resolve("pauses")) : List.of();
    }

    public BootClient with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** A program of this machine, found before any other of that name. */
    public Path program(String name, String script) throws IOException {
        Path file = Files.writeString(folder.resolve("bin").resolve(name), "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    /** For what the script leaves while it works, and only then. */
    public Path temporary() {
        return folder.resolve("temporary");
    }

    public Path key() {
        return folder.resolve("state").resolve("key.pem");
    }

    public Path token() {
        return folder.resolve("state").resolve("token");
    }

    public Path secret() {
        return folder.resolve("state").resolve("secret");
    }

    public Path config() {
        return folder.resolve("attest.conf");
    }

    /** Runs a command of it with these options, and those that every test needs. */
    public Ran run(String command, String... options) throws IOException, InterruptedException {
        Process process = start(command, options);
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("it did not end within " + PATIENCE + ": " + printed());
            }
            return new Ran(process.exitValue(), printed());
        } finally {
            process.destroyForcibly();
        }
    }

    public Process start(String command, String... options) throws IOException {
        if (!Files.exists(config())) {
            Files.writeString(config(), "# nothing is set here\n");
        }
        var words = new ArrayList<String>();
        words.add(SCRIPT.toString());
        words.add(command);
        words.addAll(List.of("--config", config().toString(), "--key", key().toString()));
        words.addAll(List.of("--token", token().toString()));
        words.addAll(List.of(options));
        return shell(words);
    }

    /** Runs functions of the script and nothing else of it: what stands before its last part. */
    public Ran functions(String driver, String... arguments) throws IOException, InterruptedException {
        String script = Files.readString(SCRIPT);
        int end = script.indexOf("\ncommand=${1:-help}");
        if (end < 0) {
            throw new IllegalStateException("the script's last part begins in another way now");
        }
        Path file = Files.writeString(folder.resolve("functions.sh"), script.substring(0, end) + "\n" + driver + "\n");
        var words = new ArrayList<>(List.of(file.toString()));
        words.addAll(List.of(arguments));
        Process process = shell(words);
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("it did not end within " + PATIENCE);
            }
            return new Ran(process.exitValue(), printed());
        } finally {
            process.destroyForcibly();
        }
    }

    private Process shell(List<String> words) throws IOException {
        var all = new ArrayList<>(shell);
        all.addAll(words);
        var builder = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("printed").toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    public String printed() throws IOException {
        return Files.readString(folder.resolve("printed"), StandardCharsets.ISO_8859_1);
    }

    /** Everything that is there now, but the folder itself. */
    public static List<Path> inside(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
