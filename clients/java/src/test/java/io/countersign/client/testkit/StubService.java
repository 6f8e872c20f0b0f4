package io.countersign.client.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.countersign.client.ServiceAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Answers what a test tells it to: by path, one reply after the other, the last one again and again. */
public final class StubService implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Deque<Reply>> replies = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    /** One reply. */
    public interface Reply {
        void send(HttpExchange exchange) throws IOException;
    }

    /** What was asked. */
    public record Request(String method, String path, Map<String, List<String>> headers, String body) {
        public String header(String name) {
            return headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(header -> header.getValue().get(0))
                    .findFirst()
                    .orElse("");
        }
    }

    public StubService() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        requests.add(new Request(
                exchange.getRequestMethod(),
                path,
                Map.copyOf(exchange.getRequestHeaders()),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        Reply reply;
        synchronized (this) {
            Deque<Reply> queue = replies.getOrDefault(path, new ArrayDeque<>());
            reply = queue.isEmpty() ? status(404, "{}") : queue.size() == 1 ? queue.getFirst() : queue.removeFirst();
        }
        try (exchange) {
            reply.send(exchange);
        }
    }

    public synchronized StubService on(String path, Reply... next) {
        replies.put(path, new ArrayDeque<>(List.of(next)));
        return this;
    }

    public static Reply json(String body, String... headers) {
        return status(200, body, headers);
    }

    /** Headers in pairs. */
    public static Reply status(int status, String body, String... headers) {
        return exchange -> {
            for (int at = 0; at < headers.length; at += 2) {
                exchange.getResponseHeaders().add(headers[at], headers[at + 1]);
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    /** Breaks off after the request was read: nobody knows whether it had its effect. */
    public static Reply brokenOff() {
        return exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            throw new IOException("on purpose");
        };
    }

    /** Begins at once and does not end. */
    public static Reply endless() {
        return exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            try {
                Thread.sleep(20_000);
            } catch (InterruptedException ignored) {
                Thread.currentThread().interrupt();
            }
        };
    }

    /** More than any bound. */
    public static Reply huge() {
        return exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] part = "[".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
            for (int sent = 0; sent < 1000; sent++) {
                exchange.getResponseBody().write(part);
            }
        };
    }

    public static String problem(int status, String code, String more) {
        return """
                {"title": "t", "status": %d, "code": "%s", "detail": "about %s", "hint": "hint of %s"%s}""".formatted(status, code, code, code, more);
    }

    public ServiceAddress address() {
        return ServiceAddress.of(url());
    }

    public String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    public List<Request> requests(String path) {
        return requests.stream().filter(request -> request.path().equals(path)).toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
