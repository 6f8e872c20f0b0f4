package io.countersign.service.signing.pkcs11;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** SoftHSM with tokens in a folder of the test's own. */
public final class SoftHsm {
    public static final String PIN = "27182818";

    private static final List<Path> LIBRARIES = Stream.of(
                    "/usr/lib/softhsm/libsofthsm2.so",
                    "/usr/lib64/softhsm/libsofthsm2.so",
                    "/usr/lib64/pkcs11/libsofthsm2.so",
                    "/usr/local/lib/softhsm/libsofthsm2.so")
            .map(Path::of)
            .toList();

    private final Path folder;
    private final Path library;

    private SoftHsm(Path folder, Path library) {
        this.folder = folder;
        this.library = library;
    }

    /** Skips the test where SoftHSM is not installed. */
    public static SoftHsm in(Path folder) throws IOException {
        var library = LIBRARIES.stream().filter(Files::exists).findFirst();
        assumeTrue(library.isPresent() && installed(), "SoftHSM 2 is not installed (Debian: softhsm2)");
        Files.createDirectories(folder.resolve("tokens"));
        Files.writeString(folder.resolve("softhsm2.conf"), """
                directories.tokendir = %s
                objectstore.backend = file
                log.level = ERROR
                """.formatted(folder.resolve("tokens")));
        Files.writeString(folder.resolve("pin"), PIN + "\n");
        return new SoftHsm(folder, library.orElseThrow());
    }

    private static boolean installed() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(each -> Files.isExecutable(Path.of(each, "softhsm2-util")));
    }

    public Path library() {
        return library;
    }

    public Path pinFile() {
        return folder.resolve("pin");
    }

    /** The value of SOFTHSM2_CONF. */
    public String configuration() {
        return folder.resolve("softhsm2.conf").toString();
    }

    public SoftHsm token(String label) throws IOException, InterruptedException {
        util("--init-token", "--free", "--label", label, "--so-pin", "31415926", "--pin", PIN);
        return this;
    }

    private void util(String... arguments) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(Stream.concat(Stream.of("softhsm2-util"), Stream.of(arguments))
                        .toList())
                .redirectErrorStream(true);
        builder.environment().put("SOFTHSM2_CONF", configuration());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }

    /** As when the cable is out. */
    public void takeAway() throws IOException {
        Files.move(folder.resolve("tokens"), folder.resolve("away"));
    }

    public void bringBack() throws IOException {
        Files.move(folder.resolve("away"), folder.resolve("tokens"));
    }

    /** A process that uses the token. */
    Session session(String label) throws IOException {
        var builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                TokenProgram.class.getName(),
                library.toString(),
                label,
                pinFile().toString());
        builder.environment().put("SOFTHSM2_CONF", configuration());
        return new Session(
                builder.redirectError(folder.resolve("errors").toFile()).start());
    }

    /** One such process, told and asked line by line. */
    static final class Session implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;

        private Session(Process process) {
            this.process = process;
            this.out = process.inputReader(StandardCharsets.UTF_8);
        }

        String ask(String line) throws IOException {
            var in = process.outputWriter(StandardCharsets.UTF_8);
            in.write(line + "\n");
            in.flush();
            return String.valueOf(out.readLine());
        }

        @Override
        public void close() throws IOException {
            process.destroy();
            try {
                if (!process.waitFor(5, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException _) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
