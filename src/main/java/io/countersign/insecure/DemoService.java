package io.countersign.insecure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SequencedMap;

/** The packaged service, running as a child process on a free port. */
final class DemoService implements AutoCloseable {
    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DemoProcess process;
    private final Path folder;
    private final URI address;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private DemoService(DemoProcess process, Path folder, URI address) {
        this.process = process;
        this.folder = folder;
        this.address = address;
    }

    /** An answer over HTTP; {@code body} is an empty object when it was no JSON. */
    record Answer(int status, JsonNode body) {}

    /**
     * What the service is told of the demo's world.
     *
     * @param policies texts by their ids
     * @param audience whom tokens are for
     * @param callerSecret with which that audience's key service shows who it is
     */
    record World(String anchorsPem, SequencedMap<String, String> policies, String audience, String callerSecret) {}

    /** Starts it in this folder, and waits until it is ready. */
    static DemoService start(Path folder, World world) throws IOException, InterruptedException, DemoException {
        if (!Files.isRegularFile(JAR)) {
            throw new DemoException(
                    "There is no " + JAR + " here. Run ./countersign build first, in the project's folder.");
        }
        Path policies = Files.createDirectories(folder.resolve("policies"));
        for (var policy : world.policies().entrySet()) {
            Files.writeString(policies.resolve(policy.getKey() + ".yaml"), policy.getValue());
        }
        Path anchors = Files.writeString(folder.resolve("anchors.pem"), world.anchorsPem());
        int port = DemoProcess.freePort();
        URI address = URI.create("http://127.0.0.1:" + port);
        var process = DemoProcess.start(
                "The service",
                List.of(
                        "-Dquarkus.http.host=127.0.0.1",
                        "-Dquarkus.http.port=" + port,
                        "-Dcountersign.issuer=" + address,
                        "-Dcountersign.data-dir=" + folder.resolve("data"),
                        "-Dcountersign.policies-dir=" + policies,
                        "-Dcountersign.collateral.offline=true",
                        "-Dcountersign.insecure.enabled=true",
                        "-Dcountersign.insecure.anchors=" + anchors,
                        "-Dcountersign.audiences.demo.uri=" + world.audience(),
                        "-Dcountersign.audiences.demo.policies="
                                + String.join(",", world.policies().keySet()),
                        "-Dcountersign.callers.demo.secret-sha256="
                                + Bytes.utf8(world.callerSecret()).sha256(),
                        "-Dcountersign.callers.demo.audiences=demo",
                        "-jar",
                        JAR.toString()),
                folder.resolve("service.log"),
                address.resolve("/q/health/ready"),
                200);
        return new DemoService(process, folder, address);
    }

    URI address() {
        return address;
    }

    Path folder() {
        return folder;
    }

    Path log() {
        return process.log();
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

    JsonNode get(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(address.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .build();
        return parsed(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
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
        process.awaitEnd();
    }

    /** Ends the service; a second call does nothing. */
    @Override
    public void close() {
        process.close();
    }
}
