package io.countersign.insecure;

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

/** A server of the demo: a Java program as a child process on a free port. Closing ends it. */
final class DemoProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String name;
    private final Process process;
    private final Path log;

    private DemoProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a program, and waits until it answers as it does when it is ready.
     *
     * @param name for messages
     * @param arguments of Java
     * @param probe what to ask for
     * @param readyAt the status that tells
     */
    static DemoProcess start(String name, List<String> arguments, Path log, URI probe, int readyAt)
            throws IOException, InterruptedException, DemoException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        var started = new DemoProcess(name, process, log);
        Runtime.getRuntime().addShutdownHook(new Thread(started::close));
        started.awaitReady(probe, readyAt);
        return started;
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void awaitReady(URI probe, int readyAt) throws IOException, InterruptedException, DemoException {
        Instant until = Instant.now().plus(PATIENCE);
        try (var client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
            while (process.isAlive() && Instant.now().isBefore(until)) {
                if (ready(client, probe, readyAt)) {
                    return;
                }
                Thread.sleep(100);
            }
        }
        boolean ended = !process.isAlive();
        close();
        throw new DemoException("%s %s The end of its log:%n%s"
                .formatted(name, ended ? "ended before it was ready." : "was not ready in time.", tail()));
    }

    private static boolean ready(HttpClient client, URI probe, int readyAt) throws InterruptedException {
        try {
            var request =
                    HttpRequest.newBuilder(probe).timeout(Duration.ofSeconds(5)).build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == readyAt;
        } catch (IOException _) {
            return false; // it does not listen yet
        }
    }

    private String tail() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    Path log() {
        return log;
    }

    void awaitEnd() throws InterruptedException {
        process.waitFor();
    }

    /** Ends it; a second call does nothing. */
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
