package io.countersign.proof;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/** A key service that hands its key to whoever gets through the gate before it, and a client that tries. */
final class KeyService implements AutoCloseable {
    private static final String SECRET = "the key";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    KeyService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = SECRET.getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Waits until a gate that was just started listens at that port. */
    static void awaitGate(Process gate, int port, String log) throws InterruptedException {
        Instant until = Instant.now().plus(PATIENCE);
        while (gate.isAlive() && Instant.now().isBefore(until)) {
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException _) {
                Thread.sleep(Duration.ofMillis(50));
            }
        }
        gate.destroyForcibly();
        throw new IllegalStateException("the gate did not start; its log is " + log);
    }

    /** What a gate at that port makes of a token: only the key itself counts as accepted. */
    Verdict tryThrough(int port, String token) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(
                request(port).header("Authorization", "Bearer " + token).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() == 200 && answer.body().equals(SECRET)) {
            return new Verdict.Accepted();
        }
        if (answer.statusCode() == 401 || answer.statusCode() == 403) {
            return new Verdict.Refused("status " + answer.statusCode());
        }
        throw new IllegalStateException("the gate answered " + answer.statusCode());
    }

    /** The status with which a request without any token ends. */
    int statusWithoutToken(int port) throws IOException, InterruptedException {
        return client.send(request(port).build(), HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    private static HttpRequest.Builder request(int port) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/v1/key".formatted(port)))
                .timeout(PATIENCE);
    }

    @Override
    public void close() {
        server.stop(0);
        client.close();
    }
}
