package io.countersign.examples.ohttp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The smallest relay (RFC 9458 section 6.2): passes encapsulated messages on, and keeps what it saw so that story and tests can
 * show it. It knows who asks, and not what; the gateway knows what is asked, and not by whom.
 */
final class Relay implements AutoCloseable {
    private static final int LONGEST = 4 * 1024 * 1024;

    private final HttpServer server;
    private final Web web = new Web();
    private final List<byte[]> seen = new CopyOnWriteArrayList<>();

    private Relay(HttpServer server) {
        this.server = server;
    }

    static Relay start(URI gateway) throws IOException {
        var relay = new Relay(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        relay.server.createContext("/", exchange -> {
            try (exchange) {
                relay.pass(exchange, gateway.resolve(MediaType.GATEWAY_PATH));
            }
        });
        relay.server.start();
        return relay;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    List<byte[]> seen() {
        return List.copyOf(seen);
    }

    private void pass(HttpExchange exchange, URI gateway) throws IOException {
        byte[] message = exchange.getRequestBody().readNBytes(LONGEST);
        seen.add(message);
        try {
            byte[] answer = web.post(gateway, MediaType.REQUEST, message, MediaType.RESPONSE, LONGEST);
            exchange.getResponseHeaders().set("Content-Type", MediaType.RESPONSE);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        } catch (IOException _) {
            exchange.sendResponseHeaders(502, -1);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            exchange.sendResponseHeaders(503, -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        web.close();
    }
}
