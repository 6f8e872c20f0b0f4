package io.countersign.service.collateral;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/** Plays a vendor's service (AMD's KDS, Intel's PCS, a PCCS, NVIDIA's) on the loopback interface and writes down what it was asked. */
public final class FakeVendor implements AutoCloseable {
    /** What to answer. */
    public sealed interface Reply {
        record Plain(int status, Map<String, String> headers, Bytes body) implements Reply {}

        /** Promises a body, sends its first byte, and then nothing. */
        record Dripping() implements Reply {}

        /** Closes the connection without a word. */
        record HangingUp() implements Reply {}

        /** Depends on what was asked. */
        record Made(Function<Asked, Reply> by) implements Reply {}
    }

    /**
     * One request.
     *
     * @param headers with their names in the case that the server gives them: {@code Content-type}
     */
    public record Asked(String method, String path, Map<String, List<String>> headers, Bytes body) {}

    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private volatile Reply otherwise = new Reply.Plain(404, Map.of(), Bytes.utf8("no such thing"));
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile String gatedPrefix = "";
    private final Optional<SSLContext> tls;
    private HttpServer server;

    public FakeVendor() {
        this(Optional.empty());
    }

    FakeVendor(Optional<SSLContext> tls) {
        this.tls = tls;
        server = listen(0);
    }

    private HttpServer listen(int port) {
        try {
            var listening = create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            listening.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            listening.createContext("/", this::answer);
            listening.start();
            return listening;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpServer create(InetSocketAddress address) throws IOException {
        if (tls.isEmpty()) {
            return HttpServer.create(address, 64);
        }
        var listening = HttpsServer.create(address, 64);
        listening.setHttpsConfigurator(new HttpsConfigurator(tls.get()));
        return listening;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        var question = new Asked(
                exchange.getRequestMethod(),
                path,
                Map.copyOf(exchange.getRequestHeaders()),
                Bytes.copyOf(exchange.getRequestBody().readAllBytes()));
        asked.add(question);
        if (path.startsWith(gatedPrefix)) {
            try {
                gate.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
        send(exchange, replies.getOrDefault(path, otherwise), question);
    }

    private static void send(HttpExchange exchange, Reply reply, Asked question) throws IOException {
        switch (reply) {
            case Reply.Plain(int status, Map<String, String> headers, Bytes body) -> {
                headers.forEach(exchange.getResponseHeaders()::set);
                exchange.sendResponseHeaders(status, body.length() == 0 ? -1 : body.length());
                exchange.getResponseBody().write(body.toByteArray());
                exchange.close();
            }
            case Reply.Dripping _ -> {
                exchange.sendResponseHeaders(200, 100);
                exchange.getResponseBody().write(0x30);
                exchange.getResponseBody().flush();
            }
            case Reply.HangingUp _ -> exchange.close();
            case Reply.Made(Function<Asked, Reply> by) -> send(exchange, by.apply(question), question);
        }
    }

    public URI url() {
        return URI.create((tls.isPresent() ? "https" : "http") + "://127.0.0.1:"
                + server.getAddress().getPort());
    }

    public void serves(String path, Bytes body) {
        replies.put(path, new Reply.Plain(200, Map.of(), body));
    }

    public void replies(String path, Reply reply) {
        replies.put(path, reply);
    }

    /** To everything that it does not serve. */
    public void repliesOtherwise(Reply reply) {
        otherwise = reply;
    }

    public static Reply status(int status) {
        return new Reply.Plain(status, Map.of(), Bytes.utf8("some words of the server that nobody should see"));
    }

    public static Reply status(int status, String header, String value) {
        return new Reply.Plain(status, Map.of(header, value), Bytes.empty());
    }

    /** From now on answers to paths with this beginning wait until the gate is opened. */
    public void closeGate(String pathPrefix) {
        gatedPrefix = pathPrefix;
        gate = new CountDownLatch(1);
    }

    public void openGate() {
        gate.countDown();
    }

    public List<String> asked() {
        return asked.stream().map(Asked::path).toList();
    }

    List<Asked> questions() {
        return List.copyOf(asked);
    }

    int requests() {
        return asked.size();
    }

    public void goDown() {
        server.stop(0);
    }

    public void comeBack() {
        server = listen(server.getAddress().getPort());
    }

    @Override
    public void close() {
        openGate();
        server.stop(0);
    }
}
