package io.countersign.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What the service holds on to, every few seconds: resident memory, heap after a full collection, threads and open files.
 *
 * <p>Flat means: the mean of the last quarter of the run is at most a twentieth and 4 MB above that of its second quarter
 * (heap after a collection; resident memory may be a tenth and 16 MB above), and no more than a few threads and files more
 * are open. The first quarter is left out, because caches fill and what is spent is remembered for six minutes: so a run of
 * less than {@link #SHORTEST} is not judged.
 */
final class SoakSamples {
    static final Duration SHORTEST = Duration.ofMinutes(15);

    private static final double MEGABYTE = 1e6;
    private static final long PAGE = 4096;

    private final BenchService service;
    private final List<Sample> samples = new ArrayList<>();
    private final long began = System.nanoTime();
    private final HttpClient client = HttpClient.newHttpClient();

    private record Sample(double seconds, double resident, double heap, double threads, double files) {}

    /** What one figure is bounded by: so many times what it was, and so much. */
    private record Bound(String name, String unit, ToDoubleFunction<Sample> of, double times, double plus) {}

    private static final List<Bound> BOUNDS = List.of(
            new Bound("heap after a collection", "MB", Sample::heap, 1.05, 4),
            new Bound("resident memory", "MB", Sample::resident, 1.10, 16),
            new Bound("threads", "", Sample::threads, 1, 8),
            new Bound("open files", "", Sample::files, 1, 16));

    SoakSamples(BenchService service) {
        this.service = service;
    }

    /** Collects, so that what is counted is what is held; this pauses the service for some tens of milliseconds. */
    void take() throws IOException, InterruptedException {
        collect();
        String metrics = client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/q/metrics".formatted(service.port())))
                                .timeout(Duration.ofSeconds(30))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        double heap = metrics.lines()
                .filter(line -> line.startsWith("jvm_memory_used_bytes{") && line.contains("area=\"heap\""))
                .mapToDouble(SoakSamples::value)
                .sum();
        double threads = metrics.lines()
                .filter(line -> line.startsWith("jvm_threads_live_threads"))
                .mapToDouble(SoakSamples::value)
                .sum();
        samples.add(new Sample(
                (System.nanoTime() - began) / 1e9, resident() / MEGABYTE, heap / MEGABYTE, threads, openFiles()));
    }

    private static double value(String line) {
        return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }

    private void collect() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(service.pid()),
                        "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    /** Of statm, the second field: proc(5). */
    private double resident() throws IOException {
        String statm = Files.readString(Path.of("/proc", Long.toString(service.pid()), "statm"));
        int from = statm.indexOf(' ') + 1;
        return PAGE * Double.parseDouble(statm.substring(from, statm.indexOf(' ', from)));
    }

    private double openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(service.pid()), "fd"))) {
            return files.count();
        }
    }

    /** Prints the table; whether everything stayed flat. */
    boolean flat() {
        System.out.println("| | second quarter | last quarter | growth in the last two thirds | |");
        System.out.println("|---|---|---|---|---|");
        double end = samples.getLast().seconds();
        boolean judged = end >= SHORTEST.toSeconds();
        boolean flat = true;
        for (Bound bound : BOUNDS) {
            double before = mean(bound.of(), end / 4, end / 2);
            double after = mean(bound.of(), end * 3 / 4, end);
            boolean within = after <= before * bound.times() + bound.plus();
            flat &= within;
            System.out.printf(
                    "| %s | %.1f %s | %.1f %s | %+.2f %s a minute | %s |%n",
                    bound.name(),
                    before,
                    bound.unit(),
                    after,
                    bound.unit(),
                    60 * slope(bound.of(), end / 3),
                    bound.unit(),
                    judged ? within ? "flat" : "GROWS" : "too short a run to judge");
        }
        return flat || !judged;
    }

    private double mean(ToDoubleFunction<Sample> of, double from, double to) {
        return samples.stream()
                .filter(sample -> sample.seconds() >= from && sample.seconds() <= to)
                .mapToDouble(of)
                .average()
                .orElse(Double.NaN);
    }

    /** By least squares, a second. */
    private double slope(ToDoubleFunction<Sample> of, double from) {
        List<Sample> late =
                samples.stream().filter(sample -> sample.seconds() >= from).toList();
        double meanTime = late.stream().mapToDouble(Sample::seconds).average().orElse(0);
        double meanValue = late.stream().mapToDouble(of).average().orElse(0);
        double up = 0;
        double down = 0;
        for (Sample sample : late) {
            double time = sample.seconds() - meanTime;
            up += time * (of.applyAsDouble(sample) - meanValue);
            down += time * time;
        }
        return down == 0 ? 0 : up / down;
    }
}
