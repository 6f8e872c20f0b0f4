package io.countersign.insecure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
import java.util.Comparator;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The packaged service, running as a child process on a free port with a folder of its own; closing ends both. */
final class DemoService implements AutoCloseable {
    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Path folder;
    private final URI address;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private DemoService(Process process, Path folder, URI address) {
        this.process = process;
        this.folder = folder;
        this.address = address;
    }

    /** Something kept the demo from running; the message says what and what to do. */
    static final class DemoException extends Exception {
        private static final long serialVersionUID = 1;

        DemoException(String message) {
            super(message);
        }
    }

    /** An answer over HTTP; {@code body} is an empty object when it was no JSON. */
    record Answer(int status, JsonNode body) {}

    /** Starts it with the demo's policies by their ids, anchors and audience, and waits until it is ready. */
    static DemoService start(String anchorsPem, SequencedMap<String, String> policies, String audience)
            throws IOException, InterruptedException, DemoException {
        if (!Files.isRegularFile(JAR)) {
            throw new DemoException(
                    "There is no " + JAR + " here. Run ./countersign build first, in the project's folder.");
        }
        Path folder = Files.createTempDirectory("countersign-demo-");
        Path policiesFolder = Files.createDirectories(folder.resolve("policies"));
        for (var policy : policies.entrySet()) {
            Files.writeString(policiesFolder.resolve(policy.getKey() + ".yaml"), policy.getValue());
        }
        Path anchors = Files.writeString(folder.resolve("anchors.pem"), anchorsPem);
        int port = freePort();
        var process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dquarkus.http.host=127.0.0.1",
                        "-Dquarkus.http.port=" + port,
                        "-Dcountersign.data-dir=" + folder.resolve("data"),
                        "-Dcountersign.policies-dir=" + policiesFolder,
                        "-Dcountersign.collateral.offline=true",
                        "-Dcountersign.insecure.enabled=true",
                        "-Dcountersign.insecure.anchors=" + anchors,
                        "-Dcountersign.audiences.demo.uri=" + audience,
                        "-Dcountersign.audiences.demo.policies=" + String.join(",", policies.keySet()),
                        "-jar",
                        JAR.toString()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("service.log").toFile())
                .start();
        var service = new DemoService(process, folder, URI.create("http://127.0.0.1:" + port));
        Runtime.getRuntime().addShutdownHook(new Thread(service::close));
        service.awaitReady();
        return service;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void awaitReady() throws IOException, InterruptedException, DemoException {
        Instant until = Instant.now().plus(PATIENCE);
        while (process.isAlive() && Instant.now().isBefore(until)) {
            if (ready()) {
                return;
            }
            Thread.sleep(100);
        }
        String log = tail();
        boolean ended = !process.isAlive();
        close();
        throw new DemoException(
                (ended ? "The service ended before it was ready." : "The service was not ready in time.")
                        + " The end of its log:\n" + log);
    }

    private boolean ready() throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(address.resolve("/q/health/ready"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException _) {
            return false; // it does not listen yet
        }
    }

    private String tail() throws IOException {
        List<String> lines = Files.readAllLines(log());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    URI address() {
        return address;
    }

    Path folder() {
        return folder;
    }

    Path log() {
        return folder.resolve("service.log");
    }

    Answer post(String path, JsonNode body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(address.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        var response = client.send(request, HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), parsed(response.body()));
    }

    private static JsonNode parsed(String body) {
        try {
            JsonNode parsed = JSON.readTree(body);
            return parsed == null || !parsed.isObject() ? JsonNodeFactory.instance.objectNode() : parsed;
        } catch (JsonProcessingException _) {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    void awaitEnd() throws InterruptedException {
        process.waitFor();
    }

    /** Ends the service and removes its folder; a second call does nothing. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            removeFolder();
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            System.err.println("Could not remove " + folder + ": " + e.getMessage());
        }
    }

    private void removeFolder() throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
