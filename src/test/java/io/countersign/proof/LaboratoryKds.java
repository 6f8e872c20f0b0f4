package io.countersign.proof;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** AMD's key distribution service for one laboratory: its revocation list, and no certificate of any machine. */
final class LaboratoryKds implements AutoCloseable {
    private final HttpServer server;
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    private LaboratoryKds(HttpServer server) {
        this.server = server;
    }

    /** Gives out this list, in base64. */
    static LaboratoryKds start(String crl) throws IOException {
        byte[] list = Base64.getDecoder().decode(crl);
        var kds = new LaboratoryKds(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64));
        kds.server.createContext("/", exchange -> {
            try (exchange) {
                String path = exchange.getRequestURI().toString();
                kds.asked.add(path);
                if (path.endsWith("/crl")) {
                    exchange.sendResponseHeaders(200, list.length);
                    exchange.getResponseBody().write(list);
                } else {
                    exchange.sendResponseHeaders(404, -1);
                }
            }
        });
        kds.server.start();
        return kds;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Paths with their queries. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
