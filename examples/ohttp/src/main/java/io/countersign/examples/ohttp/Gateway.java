package io.countersign.examples.ohttp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Serves the key configurations and the token, and opens requests. Runs inside the TEE, like whatever answers the requests. */
public final class Gateway implements AutoCloseable {
    private static final int LONGEST_REQUEST = 1024 * 1024;
    private static final String PROBLEM = "application/problem+json";
    /** RFC 9458 section 5.3: tells the client to fetch the key configurations again. */
    private static final String KEY_PROBLEM = """
            {"type":"https://iana.org/assignments/http-problem-types#ohttp-key","title":"The key configuration is not usable",\
            "detail":"The request does not open with a key of this gateway. Fetch the key configurations and the token again."}
            """;

    /** What answers the requests once they are open: binary HTTP in, binary HTTP out. */
    @FunctionalInterface
    public interface Target {
        byte[] answer(byte[] request) throws MalformedException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Supplier<Optional<String>> token;
    private final Target target;
    private volatile List<GatewayKey> keys;

    private Gateway(HttpServer server, List<GatewayKey> keys, Supplier<Optional<String>> token, Target target) {
        this.server = server;
        this.keys = keys;
        this.token = token;
        this.target = target;
    }

    /**
     * Starts a gateway on this machine's loopback address, behind whatever ends TLS.
     *
     * @param keys the preferred one first
     * @param token the newest token for one of these keys, or empty before the first
     */
    public static Gateway start(int port, List<GatewayKey> keys, Supplier<Optional<String>> token, Target target)
            throws IOException {
        var gateway = new Gateway(
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0),
                List.copyOf(keys),
                token,
                target);
        gateway.server.setExecutor(gateway.threads);
        gateway.server.createContext("/", exchange -> {
            try (exchange) {
                gateway.handle(exchange);
            }
        });
        gateway.server.start();
        return gateway;
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** For a rotation: first both keys, then, when no client can still use the old one, the new one alone. */
    public void serve(List<GatewayKey> newKeys) {
        keys = List.copyOf(newKeys);
    }

    private void handle(HttpExchange exchange) throws IOException {
        switch (exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawPath()) {
            case "GET " + MediaType.GATEWAY_PATH -> serveKeys(exchange);
            case "GET " + MediaType.TOKEN_PATH -> serveToken(exchange);
            case "POST " + MediaType.GATEWAY_PATH -> relayRequest(exchange);
            default -> answer(exchange, 404, "text/plain", text("There is nothing here.\n"));
        }
    }

    private void serveKeys(HttpExchange exchange) throws IOException {
        byte[] configs =
                KeyConfig.encodeList(keys.stream().map(GatewayKey::config).toList());
        exchange.getResponseHeaders().set("Cache-Control", "max-age=3600");
        answer(exchange, 200, MediaType.KEYS, configs);
    }

    private void serveToken(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        Optional<String> current = token.get();
        if (current.isPresent()) {
            answer(exchange, 200, MediaType.TOKEN, text(current.get()));
        } else {
            exchange.getResponseHeaders().set("Retry-After", "5");
            answer(exchange, 503, "text/plain", text("This gateway has not attested itself yet. Try again later.\n"));
        }
    }

    private void relayRequest(HttpExchange exchange) throws IOException {
        if (!MediaType.REQUEST.equals(exchange.getRequestHeaders().getFirst("Content-Type"))) {
            answer(exchange, 415, "text/plain", text("Expected the content type " + MediaType.REQUEST + ".\n"));
            return;
        }
        byte[] message = exchange.getRequestBody().readNBytes(LONGEST_REQUEST + 1);
        if (message.length > LONGEST_REQUEST) {
            answer(exchange, 413, "text/plain", text("Expected at most " + LONGEST_REQUEST + " bytes.\n"));
            return;
        }
        Optional<OpenedRequest> opened = open(message);
        if (opened.isEmpty()) {
            // RFC 9458 section 5.3. One answer for every reason: the sender is unknown and learns nothing.
            answer(exchange, 400, PROBLEM, text(KEY_PROBLEM));
            return;
        }
        byte[] response;
        try {
            response = target.answer(opened.get().request());
        } catch (MalformedException _) {
            // An error about the content belongs inside the encapsulation (RFC 9458 section 5.2).
            response = new BinaryHttp.Response(400, "").encode();
        }
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        answer(exchange, 200, MediaType.RESPONSE, opened.get().seal(response));
    }

    private Optional<OpenedRequest> open(byte[] message) {
        for (GatewayKey key : keys) {
            if (message.length > 0 && key.config().keyId() == (message[0] & 0xff)) {
                try {
                    return Optional.of(key.open(message));
                } catch (MalformedException _) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
