package io.countersign.proof;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * HAProxy before replicas, as an operator would set it up: it asks each whether it is ready, and sends a request once more
 * only if no connection could be made, which means that nobody has seen it.
 */
final class Balancer implements AutoCloseable {
    /** The header that names the replica which answered: r0, r1, and so on. */
    static final String SERVED_BY = "X-Served-By";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private final Process process;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;
    private final int statistics;

    private Balancer(Process process, int port, int statistics) {
        this.process = process;
        this.port = port;
        this.statistics = statistics;
    }

    /** Before these, in this order; skips the test where there is no HAProxy. */
    static Balancer before(List<PackagedService> replicas) throws IOException, InterruptedException {
        Programs.assumeInstalled("haproxy");
        Path folder = Files.createTempDirectory("countersign-balancer-");
        int port = PackagedService.freePort();
        int statistics = PackagedService.freePort();
        var servers = new ArrayList<String>();
        for (PackagedService replica : replicas) {
            servers.add("    server r%d 127.0.0.1:%d"
                    .formatted(servers.size(), replica.address().getPort()));
        }
        Path file = Files.writeString(folder.resolve("haproxy.cfg"), configuration(port, servers, statistics));
        var builder = new ProcessBuilder("haproxy", "-db", "-f", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("haproxy.log").toFile());
        builder.environment().merge("PATH", "/usr/sbin", (before, more) -> before + ":" + more);
        var balancer = new Balancer(builder.start(), port, statistics);
        try {
            balancer.awaitUp(replicas.size());
        } catch (IOException | InterruptedException | RuntimeException e) {
            balancer.close();
            throw e;
        }
        return balancer;
    }

    private static String configuration(int port, List<String> servers, int statistics) {
        return """
            defaults
                mode http
                timeout connect 2s
                timeout client 60s
                timeout server 60s
                timeout check 2s
                retries 2
                retry-on conn-failure
                option redispatch 1
            frontend replicas
                bind 127.0.0.1:%d
                default_backend replicas
            backend replicas
                balance roundrobin
                option httpchk GET /q/health/ready
                http-check expect status 200
                http-response set-header X-Served-By %%s
                default-server check inter 250ms fall 2 rise 2
            %s
            frontend statistics
                bind 127.0.0.1:%d
                stats enable
                stats uri /
            """.formatted(port, String.join("\n", servers), statistics);
    }

    /** What HAProxy counted for one replica. */
    record Row(Map<String, String> cells) {
        boolean up() {
            return cells.getOrDefault("status", "").startsWith("UP");
        }

        /** Of a column of its statistics, by HAProxy's own name for it. */
        long count(String column) {
            String text = cells.getOrDefault(column, "");
            return text.isEmpty() ? 0 : Long.parseLong(text);
        }
    }

    /** One row for each replica, by its name. */
    Map<String, Row> rows() throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/;csv".formatted(statistics)))
                .timeout(Duration.ofSeconds(5))
                .build();
        List<String> lines = client.send(request, HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .toList();
        List<String> names = cells(lines.getFirst().replace("# ", ""));
        var rows = new LinkedHashMap<String, Row>();
        for (String line : lines.subList(1, lines.size())) {
            List<String> values = cells(line);
            if (values.size() > 1 && values.get(1).matches("r\\d+")) {
                var row = new LinkedHashMap<String, String>();
                for (int i = 0; i < Math.min(names.size(), values.size()); i++) {
                    row.put(names.get(i), values.get(i));
                }
                rows.put(values.get(1), new Row(row));
            }
        }
        return rows;
    }

    private static List<String> cells(String line) {
        return Pattern.compile(",").splitAsStream(line).toList();
    }

    /** Until that many replicas take requests. */
    void awaitUp(int count) throws IOException, InterruptedException {
        Instant late = Instant.now().plus(PATIENCE);
        while (true) {
            try {
                if (rows().values().stream().filter(Row::up).count() == count) {
                    return;
                }
            } catch (IOException _) {
                // It does not listen yet.
            }
            if (!process.isAlive() || Instant.now().isAfter(late)) {
                throw new IllegalStateException("there were not %d replicas up within %s".formatted(count, PATIENCE));
            }
            Thread.sleep(Duration.ofMillis(50));
        }
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
