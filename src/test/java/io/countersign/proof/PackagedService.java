package io.countersign.proof;

import io.countersign.insecure.DemoAttester;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The packaged service as a child process on a free port, with a laboratory AMD and one audience, {@link #AUDIENCE}. */
final class PackagedService implements AutoCloseable {
    static final String AUDIENCE = "https://kms.example";
    static final String POLICY = "proof";

    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final HttpClient client = HttpClient.newHttpClient();
    private final Path folder;
    private final int port;
    private final Process process;

    private PackagedService(Path folder, int port, Process process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /** Starts one; settings are configuration keys beside, or instead of, those that every one has. */
    static PackagedService start(DemoAttester amd, Map<String, String> settings)
            throws IOException, InterruptedException {
        return start(amd, settings, Map.of());
    }

    /** The same with environment variables beside those of this process. */
    static PackagedService start(DemoAttester amd, Map<String, String> settings, Map<String, String> environment)
            throws IOException, InterruptedException {
        return start(amd.anchorsPem(), Map.of(POLICY, policy(amd)), settings, environment);
    }

    /** Starts one that believes these anchors and has these policies, by id; the settings say which the audience takes. */
    static PackagedService start(String anchorsPem, Map<String, String> policyTexts, Map<String, String> settings)
            throws IOException, InterruptedException {
        return start(anchorsPem, policyTexts, settings, Map.of());
    }

    private static PackagedService start(
            String anchorsPem,
            Map<String, String> policyTexts,
            Map<String, String> settings,
            Map<String, String> environment)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("countersign-proof-");
        Path policies = Files.createDirectories(folder.resolve("policies"));
        for (var policy : policyTexts.entrySet()) {
            Files.writeString(policies.resolve(policy.getKey() + ".yaml"), policy.getValue());
        }
        Path anchors = Files.writeString(folder.resolve("anchors.pem"), anchorsPem);
        int port = freePort();
        var all = new TreeMap<>(Map.of(
                "quarkus.http.host",
                "127.0.0.1",
                "quarkus.http.port",
                Integer.toString(port),
                "countersign.data-dir",
                folder.resolve("data").toString(),
                "countersign.policies-dir",
                policies.toString(),
                "countersign.collateral.offline",
                "true",
                "countersign.insecure.enabled",
                "true",
                "countersign.insecure.anchors",
                anchors.toString(),
                "countersign.audiences.kms.uri",
                AUDIENCE,
                "countersign.audiences.kms.policies",
                POLICY));
        all.putAll(settings);
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED"));
        all.forEach((name, value) -> command.add("-D%s=%s".formatted(name, value)));
        command.addAll(List.of("-jar", JAR.toString()));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("service.log").toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        var service = new PackagedService(folder, port, process);
        service.awaitReady();
        return service;
    }

    private static String policy(DemoAttester amd) {
        return """
                policy: proof
                version: "1"
                summary: One image, pinned.
                extends: [baseline]
                accept: { freshness: [challenge, caller] }
                references:
                  approved_images:
                    claim: launch_measurement
                    note: the image of the laboratory
                    values: ["%s"]
                rules:
                  - name: image is approved
                    for: cpu
                    require: cpu.launch_measurement in references.approved_images
                    sets: executables
                    because: Only the approved image may hold the key.
                    hint: Boot the approved image.
                """.formatted(amd.measurement());
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        Instant until = Instant.now().plus(PATIENCE);
        while (process.isAlive() && Instant.now().isBefore(until)) {
            try {
                if (get("/q/health/ready").statusCode() == 200) {
                    return;
                }
            } catch (IOException _) {
                // It does not listen yet.
            }
            Thread.sleep(Duration.ofMillis(100));
        }
        close();
        throw new IllegalStateException("the service was not ready; its log:\n" + log());
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Holds policies/, data/ and service.log. */
    Path folder() {
        return folder;
    }

    String log() throws IOException {
        return Files.readString(folder.resolve("service.log"));
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(address().resolve(path))
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Posts JSON with further headers, by name and value in turn. */
    HttpResponse<String> post(String path, String body, String... headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(address().resolve(path))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Posts a form with further headers, by name and value in turn. */
    HttpResponse<String> postForm(String path, String form, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(address().resolve(path))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .headers(headers)
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
