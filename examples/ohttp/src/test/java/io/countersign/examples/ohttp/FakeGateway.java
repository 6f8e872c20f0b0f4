package io.countersign.examples.ohttp;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Serves whatever bytes a test wants, and counts what clients send. It opens nothing. */
final class FakeGateway implements AutoCloseable {
    private final HttpServer server;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger tokensServed = new AtomicInteger();
    volatile byte[] configs = new byte[0];
    volatile String token = "";

    private FakeGateway(HttpServer server) {
        this.server = server;
    }

    static FakeGateway start() throws IOException {
        var gateway = new FakeGateway(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        gateway.server.createContext("/", exchange -> {
            try (exchange) {
                boolean asksForToken = exchange.getRequestURI().getPath().equals(MediaType.TOKEN_PATH);
                if (exchange.getRequestMethod().equals("POST")) {
                    gateway.requests.incrementAndGet();
                    exchange.sendResponseHeaders(400, -1);
                    return;
                }
                if (asksForToken) {
                    gateway.tokensServed.incrementAndGet();
                }
                byte[] body = asksForToken ? gateway.token.getBytes(StandardCharsets.US_ASCII) : gateway.configs;
                exchange.getResponseHeaders().set("Content-Type", asksForToken ? MediaType.TOKEN : MediaType.KEYS);
                exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
        });
        gateway.server.start();
        return gateway;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** How many encapsulated requests were sent here. */
    int requests() {
        return requests.get();
    }

    int tokensServed() {
        return tokensServed.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
