package io.countersign.examples.kms;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real Countersign as it is packaged, as a child process, with a laboratory machine whose image a policy pins. */
final class PackagedCountersign implements AutoCloseable {
    static final Path FOLDER = Path.of("..", "..", "target", "quarkus-app");
    static final String POLICY = "example";
    static final String ANOTHER_AUDIENCE = "https://another.example";

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final HttpClient client = HttpClient.newHttpClient();
    private final Path folder;
    private final int port;
    private final Process process;

    private PackagedCountersign(Path folder, int port, Process process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    static boolean isThere() {
        return Files.isRegularFile(FOLDER.resolve("quarkus-run.jar"));
    }

    /** Starts one, and waits until it is ready; further settings come beside, or instead of, the usual ones. */
    static PackagedCountersign start(SoftwareMachine machine, Map<String, String> further) throws Exception {
        Path folder = Files.createTempDirectory("countersign-");
        Path policies = Files.createDirectories(folder.resolve("policies"));
        Files.writeString(policies.resolve(POLICY + ".yaml"), policy(machine));
        Path anchors = Files.writeString(folder.resolve("anchors.pem"), machine.anchorsPem());
        int port = freePort();
        var settings = new TreeMap<String, String>();
        settings.put("quarkus.http.host", "127.0.0.1");
        settings.put("quarkus.http.port", Integer.toString(port));
        settings.put("countersign.issuer", "http://127.0.0.1:" + port);
        settings.put("countersign.data-dir", folder.resolve("data").toString());
        settings.put("countersign.policies-dir", policies.toString());
        settings.put("countersign.collateral.offline", "true");
        settings.put("countersign.insecure.enabled", "true");
        settings.put("countersign.insecure.anchors", anchors.toString());
        settings.put("countersign.audiences.kms.uri", GoodToken.AUDIENCE);
        settings.put("countersign.audiences.kms.policies", POLICY);
        settings.put("countersign.audiences.another.uri", ANOTHER_AUDIENCE);
        settings.put("countersign.audiences.another.policies", POLICY);
        settings.put("countersign.callers.kms.secret-sha256", sha256(RunningKms.CALLER_SECRET));
        settings.put("countersign.callers.kms.audiences", "kms");
        settings.putAll(further);
        var command = new ArrayList<>(List.of(java(), "--enable-native-access=ALL-UNNAMED"));
        settings.forEach((name, value) -> command.add("-D%s=%s".formatted(name, value)));
        command.addAll(List.of("-jar", FOLDER.resolve("quarkus-run.jar").toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("service.log").toFile())
                .start();
        var service = new PackagedCountersign(folder, port, process);
        service.awaitReady();
        return service;
    }

    private static String policy(SoftwareMachine machine) {
        return """
                policy: example
                version: "1"
                summary: One image, pinned.
                extends: [baseline]
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
                """.formatted(machine.measurement());
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        Instant until = Instant.now().plus(PATIENCE);
        while (process.isAlive() && Instant.now().isBefore(until)) {
            try {
                if (send(request("/q/health/ready").GET()).statusCode() == 200) {
                    return;
                }
            } catch (IOException _) {
                // It does not listen yet.
            }
            Thread.sleep(Duration.ofMillis(100));
        }
        close();
        throw new IllegalStateException(
                "Countersign was not ready; its log:\n" + Files.readString(folder.resolve("service.log")));
    }

    String address() {
        return "http://127.0.0.1:" + port;
    }

    /** Tokens that rest on laboratory anchors have an issuer of their own. */
    String issuer() {
        return address() + "/insecure";
    }

    Path policyFile() {
        return folder.resolve("policies").resolve(POLICY + ".yaml");
    }

    /** What the policy is now, or nothing. */
    HttpResponse<String> policy() throws IOException, InterruptedException {
        return send(request("/v1/policies/" + POLICY).GET());
    }

    JsonNode post(String path, JsonNode body) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
        assertEquals(2, answer.statusCode() / 100, answer.body());
        return JsonMapper.shared().readTree(answer.body());
    }

    /** Withdraws a key as an operator does who fears that it was stolen. */
    String withdraw(String keyId) throws IOException, InterruptedException {
        String jars =
                String.join(File.pathSeparator, FOLDER + "/app/*", FOLDER + "/lib/main/*", FOLDER + "/lib/boot/*");
        Process command = new ProcessBuilder(
                        java(),
                        "-cp",
                        jars,
                        "io.countersign.cli.Main",
                        "keys",
                        "withdraw",
                        keyId,
                        "--data-dir",
                        folder.resolve("data").toString(),
                        "--insecure")
                .redirectErrorStream(true)
                .start();
        String output = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, command.waitFor(), output);
        return output;
    }

    boolean publishes(String keyId) throws IOException, InterruptedException {
        JsonNode discovery = JsonMapper.shared()
                .readTree(send(request("/insecure/.well-known/openid-configuration")
                                .GET())
                        .body());
        HttpResponse<String> keys = send(
                HttpRequest.newBuilder(URI.create(discovery.path("jwks_uri").asString())));
        return keys.body().contains(keyId);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address() + path)).timeout(Duration.ofSeconds(20));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        stop();
    }

    /** Ends the service; a second call does nothing. */
    void stop() {
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
