package io.countersign.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;

/** A redis-server of this machine that keeps nothing, on a free port. */
final class BenchRedis implements AutoCloseable {
    private final Process process;
    private final int port;
    private final Path secret;

    private BenchRedis(Process process, int port, Path secret) {
        this.process = process;
        this.port = port;
        this.secret = secret;
    }

    static BenchRedis start() throws IOException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        Path secret = Files.write(Files.createTempFile("countersign-bench-", ".secret"), random);
        return new BenchRedis(
                new ProcessBuilder(List.of(
                                "redis-server",
                                "--port",
                                Integer.toString(port),
                                "--bind",
                                "127.0.0.1",
                                "--save",
                                "",
                                "--maxmemory-policy",
                                "noeviction"))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start(),
                port,
                secret);
    }

    Map<String, String> settings() {
        return Map.of(
                "countersign.redis-url",
                "redis://127.0.0.1:" + port,
                "countersign.challenge.secret-file",
                secret.toString());
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        Files.deleteIfExists(secret);
    }
}
