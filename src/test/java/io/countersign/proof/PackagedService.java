package io.countersign.proof;

import io.countersign.insecure.DemoAttester;
import io.countersign.insecure.SoftwareAmd;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
    private final ProcessBuilder launch;
    private Process process;

    private PackagedService(Path folder, int port, ProcessBuilder launch) throws IOException {
        this.folder = folder;
        this.port = port;
        this.launch = launch;
        this.process = launch.start();
    }

    /** Starts one; settings are configuration keys beside, or instead of, those that every one has. */
    static PackagedService start(DemoAttester amd, Map<String, String> settings)
            throws IOException, InterruptedException {
        return start(amd, settings, Map.of());
    }

    /** The same with environment variables beside those of this process. */
    static PackagedService start(DemoAttester amd, Map<String, String> settings, Map<String, String> environment)
            throws IOException, InterruptedException {
        return start(List.of(), amd.anchorsPem(), Map.of(POLICY, policy(amd.measurement())), settings, environment);
    }

    /** The same by another program, which is given the command as its last words: a change of user, say. */
    static PackagedService startUnder(List<String> program, SoftwareAmd amd, Map<String, String> settings)
            throws IOException, InterruptedException {
        return start(program, amd.anchorsPem(), Map.of(POLICY, policy(amd.measurement())), settings, Map.of());
    }

    /** Starts one that believes these anchors and has these policies, by id; the settings say which the audience takes. */
    static PackagedService start(String anchorsPem, Map<String, String> policyTexts, Map<String, String> settings)
            throws IOException, InterruptedException {
        return start(List.of(), anchorsPem, policyTexts, settings, Map.of());
    }

    private static PackagedService start(
            List<String> program,
            String anchorsPem,
            Map<String, String> policyTexts,
            Map<String, String> settings,
            Map<String, String> environment)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("countersign-proof-");
        if (!program.isEmpty()) {
            // Another user has to come in.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
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
        var command = new ArrayList<>(program);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        all.forEach((name, value) -> command.add("-D%s=%s".formatted(name, value)));
        command.addAll(List.of("-jar", JAR.toString()));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("service.log").toFile()));
        builder.environment().putAll(environment);
        var service = new PackagedService(folder, port, builder);
        service.awaitReady();
        return service;
    }

    /** Starts one by a command that makes it listen on that port, with these variables and no others; the folder takes the log. */
    static PackagedService run(Path folder, int port, List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("service.log").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        var service = new PackagedService(folder, port, builder);
        service.awaitReady();
        return service;
    }

    /** One image, pinned. */
    static String policy(Bytes measurement) {
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
                """.formatted(measurement);
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

    long pid() {
        return process.pid();
    }

    /** SIGTERM, and how long it took to end; it has to end in time and by itself. */
    Duration terminate() throws InterruptedException {
        Instant told = Instant.now();
        process.destroy();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("the service did not end within " + PATIENCE);
        }
        return Duration.between(told, Instant.now());
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** After it ended: on the same port and folder, with the same settings. */
    void startAgain() throws IOException, InterruptedException {
        process = launch.start();
        awaitReady();
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
