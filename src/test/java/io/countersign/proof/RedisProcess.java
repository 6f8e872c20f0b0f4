package io.countersign.proof;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisException;

/** A real redis-server on a free port, with a folder of its own, that can be killed, frozen and started again. */
public final class RedisProcess implements AutoCloseable {
    private static final String PROGRAM = "redis-server";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path folder;
    private final int port;
    private final List<String> options;
    private @Nullable Process process;

    private RedisProcess(Path folder, int port, List<String> options) {
        this.folder = folder;
        this.port = port;
        this.options = options;
    }

    /** Starts one that keeps nothing on disk, unless the options say otherwise; skips the test where there is no Redis. */
    public static RedisProcess start(String... options) throws IOException, InterruptedException {
        Assumptions.assumeTrue(installed(), PROGRAM + " is not in PATH, so nothing is tried with a real Redis");
        var redis = new RedisProcess(Files.createTempDirectory("countersign-redis-"), freePort(), List.of(options));
        redis.startAgain();
        return redis;
    }

    /** One that nothing listens on. */
    public static int freePort() throws IOException {
        return PackagedService.freePort();
    }

    private static boolean installed() {
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(String.valueOf(System.getenv("PATH")))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, PROGRAM)));
    }

    /** On the same port and folder. */
    public void startAgain() throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                PROGRAM,
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString(),
                "--save",
                "",
                "--appendonly",
                "no",
                "--repl-diskless-sync-delay",
                "0"));
        command.addAll(options);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("redis.log").toFile()))
                .start();
        awaitOpen();
    }

    private void awaitOpen() throws IOException, InterruptedException {
        Instant until = Instant.now().plus(PATIENCE);
        while (running().isAlive() && Instant.now().isBefore(until)) {
            try (var connection = new Connection(new HostAndPort("127.0.0.1", port))) {
                connection.executeCommand(new CommandArguments(new Named("PING")));
                return;
            } catch (JedisException e) {
                if (String.valueOf(e.getMessage()).startsWith("NOAUTH")) {
                    return; // It answers, and wants a password.
                }
            }
            Thread.sleep(Duration.ofMillis(20));
        }
        close();
        throw new IllegalStateException(
                "redis-server did not answer; its log:\n" + Files.readString(folder.resolve("redis.log")));
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("redis-server was not started");
        }
        return process;
    }

    public int port() {
        return port;
    }

    /** Holds dump.rdb, where there is one, and redis.log. */
    public Path folder() {
        return folder;
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** One command over a connection of its own; text is what it answers. */
    public String command(String name, String... arguments) {
        try (var connection = new Connection(new HostAndPort("127.0.0.1", port))) {
            var command = new CommandArguments(new Named(name));
            Arrays.stream(arguments).forEach(command::add);
            Object answer = connection.executeCommand(command);
            return answer instanceof byte[] text ? new String(text, StandardCharsets.UTF_8) : String.valueOf(answer);
        }
    }

    /** SIGKILL: whatever it had in memory only is gone. */
    public void kill() throws InterruptedException {
        running().destroyForcibly().waitFor();
    }

    /** SIGTERM: it saves first where it is told to save. */
    public void terminate() throws InterruptedException {
        running().destroy();
        running().waitFor();
    }

    /** SIGSTOP: it keeps its connections and answers nothing. */
    public void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    /** SIGCONT. */
    public void thaw() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", name, Long.toString(running().pid())).start();
        try (InputStream said = kill.getErrorStream()) {
            String words = new String(said.readAllBytes(), StandardCharsets.UTF_8);
            if (kill.waitFor() != 0) {
                throw new IOException("kill " + name + ": " + words);
            }
        }
    }

    @Override
    public void close() {
        Process last = process;
        if (last != null) {
            last.destroyForcibly();
            try {
                last.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private record Named(String name) implements ProtocolCommand {
        @Override
        public byte[] getRaw() {
            return name.getBytes(StandardCharsets.UTF_8);
        }
    }
}
