package io.countersign.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/**
 * What the service's collector has done so far, as its own metrics tell.
 *
 * @param allocated bytes, as of the last collection
 * @param pauses how many
 * @param paused seconds, all together
 */
record Garbage(double allocated, double pauses, double paused) {
    static Garbage of(int port) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            String metrics = client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/q/metrics".formatted(port)))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            return new Garbage(
                    sum(metrics, "jvm_gc_memory_allocated_bytes_total"),
                    sum(metrics, "jvm_gc_pause_seconds_count"),
                    sum(metrics, "jvm_gc_pause_seconds_sum"));
        }
    }

    Garbage since(Garbage earlier) {
        return new Garbage(allocated - earlier.allocated, pauses - earlier.pauses, paused - earlier.paused);
    }

    /** Of all series of that name: one stands there for each cause of a collection. */
    private static double sum(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
