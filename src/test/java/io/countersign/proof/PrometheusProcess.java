package io.countersign.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real Prometheus on a free port that scrapes one service every second, with our rules loaded. */
final class PrometheusProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final int port;
    private final Path folder;
    private final Process process;

    private PrometheusProcess(int port, Path folder, Process process) {
        this.port = port;
        this.folder = folder;
        this.process = process;
    }

    /** Skips the test where there is none. */
    static PrometheusProcess start(PackagedService service, Path rules) throws IOException, InterruptedException {
        Programs.assumeInstalled("prometheus");
        Path folder = Files.createTempDirectory("countersign-prometheus-");
        int port = PackagedService.freePort();
        Path settings = Files.writeString(folder.resolve("prometheus.yml"), """
                global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 5s }
                rule_files: ["%s"]
                scrape_configs:
                  - job_name: release-countersign
                    metrics_path: /q/metrics
                    static_configs: [{ targets: ["%s"] }]
                """.formatted(
                        rules.toAbsolutePath(), service.address().getAuthority()));
        Process process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + settings,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
        var prometheus = new PrometheusProcess(port, folder, process);
        prometheus.awaitSamples();
        return prometheus;
    }

    /** Two scrapes at least, so that rates are to be had. */
    private void awaitSamples() throws IOException, InterruptedException {
        Instant until = Instant.now().plus(PATIENCE);
        while (process.isAlive() && Instant.now().isBefore(until)) {
            try {
                if (query("count_over_time(up[1m]) > 3 and up == 1").size() == 1) {
                    return;
                }
            } catch (IOException _) {
                // It does not listen yet.
            }
            Thread.sleep(Duration.ofMillis(200));
        }
        close();
        throw new IllegalStateException(
                "Prometheus scraped nothing; its log:\n" + Files.readString(folder.resolve("prometheus.log")));
    }

    /** What an expression gives now; anything but a success fails the test with what Prometheus says. */
    List<JsonNode> query(String expression) throws IOException, InterruptedException {
        return get("/api/v1/query?query=", expression)
                .path("result")
                .valueStream()
                .toList();
    }

    /** The labels of every series that a selector names. */
    List<JsonNode> series(String selector) throws IOException, InterruptedException {
        return get("/api/v1/series?match[]=", selector).valueStream().toList();
    }

    private JsonNode get(String path, String value) throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + port + path.replace("[]", "%5B%5D")
                + URLEncoder.encode(value, StandardCharsets.UTF_8));
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build(),
                HttpResponse.BodyHandlers.ofString());
        JsonNode json = JSON.readTree(answer.body());
        if (!json.path("status").asText().equals("success")) {
            if (answer.statusCode() == 503) {
                throw new IOException("it is not ready");
            }
            throw new AssertionError("%s: %s".formatted(value, answer.body()));
        }
        return json.path("data");
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
