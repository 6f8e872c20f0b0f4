package io.countersign.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * How long the service takes from its start until it is ready and until its first verdict, and what memory it holds then.
 * Each round starts every command once, so that what else the machine does falls on all of them alike.
 */
public final class StartRun {
    private static final int ROUNDS = 7;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration REST = Duration.ofSeconds(10);
    private static final int CONNECTIONS = 4;
    private static final int LOAD = 5_000;
    /** What half of a container of 1 GiB is; the memory of this machine should not count. */
    private static final String HEAP = "-Xmx512m";

    private final byte[] request =
            SourceFiles.text("fixtures/sev-snp/milan-v5/case.json").getBytes(StandardCharsets.UTF_8);

    /** In milliseconds and MB. */
    private record Figures(double ready, double verdict, double atRest, double afterLoad) {}

    private StartRun() {}

    /** Takes the number of rounds. */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : ROUNDS;
        var run = new StartRun();
        var figures = new LinkedHashMap<String, List<Figures>>();
        List<StartCommand> commands = StartCommand.all();
        for (int round = 0; round < rounds; round++) {
            for (StartCommand command : commands) {
                figures.computeIfAbsent(command.name(), _ -> new ArrayList<>()).add(run.start(command));
            }
        }
        System.out.printf("medians of %d starts%n", rounds);
        for (var each : figures.entrySet()) {
            System.out.printf(
                    "%s: ready after %.2f s, first verdict after %.2f s, resident %.0f MB at rest and %.0f MB after %d verdicts%n",
                    each.getKey(),
                    median(each.getValue(), Figures::ready) / 1e3,
                    median(each.getValue(), Figures::verdict) / 1e3,
                    median(each.getValue(), Figures::atRest),
                    median(each.getValue(), Figures::afterLoad),
                    LOAD);
        }
        System.exit(0);
    }

    private static double median(List<Figures> figures, ToDoubleFunction<Figures> which) {
        double[] sorted = figures.stream().mapToDouble(which).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private Figures start(StartCommand command) throws Exception {
        Path folder = Files.createTempDirectory("countersign-bench-start-");
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Path log = folder.resolve("service.log");
        var builder = new ProcessBuilder(command.with(List.of(
                        HEAP,
                        "-Dquarkus.http.host=127.0.0.1",
                        "-Dquarkus.http.port=" + port,
                        "-Dcountersign.data-dir=" + folder.resolve("data"),
                        "-Dcountersign.collateral.offline=true",
                        "-Dcountersign.insecure.enabled=true",
                        "-Dcountersign.insecure.anchors=fixtures/insecure-anchors.pem")))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        long began = System.nanoTime();
        Process service = builder.start();
        try {
            awaitReady(service, port, began, log);
            double ready = (System.nanoTime() - began) / 1e6;
            try (var connection = new Connection(port)) {
                judge(connection);
            }
            double verdict = (System.nanoTime() - began) / 1e6;
            Thread.sleep(REST);
            double atRest = resident(service);
            load(port);
            return new Figures(ready, verdict, atRest, resident(service));
        } finally {
            service.destroy();
            if (!service.waitFor(30, TimeUnit.SECONDS)) {
                service.destroyForcibly();
            }
        }
    }

    private static void awaitReady(Process service, int port, long began, Path log) throws InterruptedException {
        while (service.isAlive() && System.nanoTime() - began < PATIENCE.toNanos()) {
            try (var connection = new Connection(port)) {
                if (connection.send("GET", "/q/health/ready", "", new byte[0]).status() == 200) {
                    return;
                }
            } catch (IOException _) {
                // It does not listen yet.
            }
            Thread.sleep(Duration.ofMillis(5));
        }
        throw new IllegalStateException("the service was not ready; its log is " + log);
    }

    private void judge(Connection connection) throws IOException {
        var answer = connection.post("/v1/appraisals", request);
        if (answer.status() != 200) {
            throw new IllegalStateException(answer.status() + " " + answer.text());
        }
    }

    private void load(int port) throws Exception {
        Callable<Boolean> share = () -> {
            try (var connection = new Connection(port)) {
                for (int i = 0; i < LOAD / CONNECTIONS; i++) {
                    judge(connection);
                }
            }
            return true;
        };
        try (var threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            for (var done : threads.invokeAll(java.util.Collections.nCopies(CONNECTIONS, share))) {
                done.get();
            }
        }
    }

    /** VmRSS of proc(5), in MB: files that are mapped, such as the cache, count with what was touched of them. */
    private static double resident(Process service) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(service.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) * 1024 / 1e6)
                .sum();
    }
}
