package io.countersign.bench;

import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The packaged service as a child process, with a policy that extends baseline and pins the bench's image. */
final class BenchService implements AutoCloseable {
    static final String AUDIENCE = "https://kms.example";

    private final Process process;
    private final int port;
    private final Path folder;

    private BenchService(Process process, int port, Path folder) {
        this.process = process;
        this.port = port;
        this.folder = folder;
    }

    static BenchService start(String anchorsPem, Bytes measurement, Map<String, String> settings)
            throws IOException, InterruptedException {
        return start(anchorsPem, Map.of("bench", policy(measurement)), settings, List.of());
    }

    /** Starts one with these policies, by id, all of which the one audience may ask for, and further words for Java. */
    static BenchService start(
            String anchorsPem, Map<String, String> policyTexts, Map<String, String> settings, List<String> flags)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("countersign-bench-");
        Path policies = Files.createDirectories(folder.resolve("policies"));
        for (var policy : policyTexts.entrySet()) {
            Files.writeString(policies.resolve(policy.getKey() + ".yaml"), policy.getValue());
        }
        Path anchors = Files.writeString(folder.resolve("anchors.pem"), anchorsPem);
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseParallelGC",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dcountersign.data-dir=" + folder.resolve("data"),
                "-Dcountersign.policies-dir=" + policies,
                "-Dcountersign.collateral.offline=true",
                "-Dcountersign.insecure.enabled=true",
                "-Dcountersign.insecure.anchors=" + anchors,
                "-Dcountersign.audiences.bench.uri=" + AUDIENCE,
                "-Dcountersign.audiences.bench.policies=" + String.join(",", policyTexts.keySet())));
        command.addAll(1, flags);
        settings.forEach((name, value) -> command.add("-D%s=%s".formatted(name, value)));
        command.addAll(List.of("-jar", "target/quarkus-app/quarkus-run.jar"));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("service.log").toFile())
                .start();
        var service = new BenchService(process, port, folder);
        for (int attempt = 0; attempt < 300; attempt++) {
            try (var connection = new Connection(port)) {
                if (connection.post("/v1/challenges", new byte[0]).status() == 200) {
                    return service;
                }
            } catch (IOException _) {
                // It does not listen yet.
            }
            Thread.sleep(Duration.ofMillis(100));
        }
        process.destroy();
        throw new IllegalStateException("the service did not start: " + folder.resolve("service.log"));
    }

    private static String policy(Bytes measurement) {
        return """
            policy: bench
            version: "1"
            summary: The bench's image, pinned.
            extends: [baseline]
            references:
              approved_images:
                claim: launch_measurement
                note: the image of the bench
                values: ["%s"]
            rules:
              - name: image is approved
                for: cpu
                require: cpu.launch_measurement in references.approved_images
                sets: executables
                because: Only the approved image may hold the key.
                hint: Boot the approved image.
            """.formatted(measurement);
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Holds service.log. */
    Path folder() {
        return folder;
    }

    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
