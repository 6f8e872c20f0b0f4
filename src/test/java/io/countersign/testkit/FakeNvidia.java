package io.countersign.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.countersign.insecure.NvidiaServices;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** Plays NVIDIA's RIM service and OCSP responder on the loopback interface and writes down what it was asked. */
public final class FakeNvidia implements AutoCloseable {
    private static final String RIM = "/v1/rim/";
    private static final int LARGEST_REQUEST = 4096;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    /**
     * Begins to listen on a free port.
     *
     * @param services what to answer; it may be taught more later
     */
    public FakeNvidia(NvidiaServices services) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(RIM, exchange -> rim(exchange, services));
        server.createContext("/", exchange -> ocsp(exchange, services));
        server.start();
    }

    private void rim(HttpExchange exchange, NvidiaServices services) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add("GET " + path);
        Optional<Bytes> found = services.rim(path.substring(RIM.length())).map(Bytes::utf8);
        answer(
                exchange,
                found.isPresent() ? 200 : 404,
                "application/json",
                found.orElse(Bytes.utf8("{\"message\":\"no such id\"}")));
    }

    private void ocsp(HttpExchange exchange, NvidiaServices services) throws IOException {
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
        if (!exchange.getRequestMethod().equals("POST")) {
            answer(exchange, 405, "text/plain", Bytes.utf8("POST only"));
            return;
        }
        byte[] request = exchange.getRequestBody().readNBytes(LARGEST_REQUEST);
        answer(exchange, 200, "application/ocsp-response", services.ocsp(Bytes.copyOf(request)));
    }

    private static void answer(HttpExchange exchange, int status, String type, Bytes body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length());
        exchange.getResponseBody().write(body.toByteArray());
        exchange.close();
    }

    /** Of both services: RIMs are under {@code /v1/rim/}, answers are posted to {@code /}. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Method and path of every request, in their order. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
