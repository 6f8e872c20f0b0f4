package io.countersign.image;

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
import java.util.concurrent.TimeUnit;

/**
 * Java's ahead-of-time cache (JEP 483, 514, 515): classes loaded and linked, and which methods were hot, from a training
 * run. It holds for exactly the Java, the jars and the collector it was made with. It is not the same bits twice.
 */
final class AotCache {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int ROUNDS = 40;
    /** One of each kind that the first requests after a start are made of; laboratory evidence under laboratory anchors. */
    private static final List<String> CASES = List.of("sev-snp/milan-v5", "intel-tdx/v4", "nvidia-gpu/snp-and-a-gpu");

    private AotCache() {}

    /** Starts the service of this root on the loopback address, lets it judge, stops it, and leaves the cache in the root. */
    static void train(Path root, Fixtures fixtures, Path work)
            throws ImageTroubleException, IOException, InterruptedException {
        Path cache = root.resolve(Application.CACHE);
        Files.deleteIfExists(cache);
        Trees.fresh(work);
        int port = freePort();
        Path log = work.resolve("service.log");
        var command = new ArrayList<String>();
        command.add(root.resolve(JavaRuntime.PLACE).resolve("bin/java").toString());
        command.add("-XX:AOTCacheOutput=" + cache);
        command.addAll(Launch.options(root.resolve(Application.PLACE).toString()));
        command.addAll(List.of(
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dcountersign.data-dir=" + work.resolve("data"),
                "-Dcountersign.collateral.offline=true",
                "-Dcountersign.insecure.enabled=true",
                "-Dcountersign.insecure.anchors=" + fixtures.anchors(),
                "-jar",
                root.resolve(Application.PLACE).resolve("quarkus-run.jar").toString()));
        Process service = new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            drive(URI.create("http://127.0.0.1:" + port), fixtures, service, log);
            service.destroy();
            if (!service.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new ImageTroubleException("the training run did not end; its log is " + log);
            }
        } finally {
            service.destroyForcibly();
        }
        if (!Files.isRegularFile(cache)) {
            throw new ImageTroubleException("the training run left no cache; its log is " + log);
        }
    }

    private static void drive(URI address, Fixtures fixtures, Process service, Path log)
            throws ImageTroubleException, IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            awaitReady(client, address, service, log);
            for (int round = 0; round < ROUNDS; round++) {
                for (String name : CASES) {
                    ask(client, address.resolve("/v1/appraisals"), fixtures.request(name));
                }
                ask(client, address.resolve("/v1/challenges"), "");
            }
        }
    }

    private static void awaitReady(HttpClient client, URI address, Process service, Path log)
            throws ImageTroubleException, IOException, InterruptedException {
        Instant until = Instant.now().plus(PATIENCE);
        var request = HttpRequest.newBuilder(address.resolve("/q/health/ready")).build();
        while (service.isAlive() && Instant.now().isBefore(until)) {
            try {
                if (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException _) {
                // It does not listen yet.
            }
            Thread.sleep(Duration.ofMillis(100));
        }
        throw new ImageTroubleException("the training run was not ready; its log is " + log);
    }

    private static void ask(HttpClient client, URI address, String body)
            throws ImageTroubleException, IOException, InterruptedException {
        var request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new ImageTroubleException("in the training run %s answered %d: %s"
                    .formatted(address.getPath(), answer.statusCode(), answer.body()));
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
