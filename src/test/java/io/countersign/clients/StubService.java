package io.countersign.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Answers as a test says, and remembers what it was asked. Unless told otherwise it hands out nonces and tokens. */
final class StubService implements AutoCloseable {
    static final String CHALLENGES = "/v1/challenges";
    static final String ATTESTATIONS = "/v1/attestations";
    static final String SECRET = "model-key";
    static final String RELEASE = "/v1/secrets/" + SECRET + "/release";
    static final String TOKEN_ID = "the-id-of-the-token";
    static final String POLICY_DIGEST = "sha256:abc";
    static final String TOKEN = "%s.%s.c2ln"
            .formatted(
                    base64Url("{\"alg\":\"ES256\"}"),
                    base64Url("{\"jti\":\"%s\",\"countersign_policy_digest\":\"%s\",\"aud\":\"a\"}"
                            .formatted(TOKEN_ID, POLICY_DIGEST)));

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Queue<Answer>> answers = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    /** Writes an answer, or closes the exchange without one. */
    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    record Asked(String path, Headers headers, String body) {
        JsonNode json() throws IOException {
            return JSON.readTree(body);
        }
    }

    private StubService(HttpServer server) {
        this.server = server;
    }

    static StubService start() throws IOException {
        var stub = new StubService(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        stub.server.setExecutor(stub.threads);
        stub.server.createContext("/", stub::handle);
        stub.server.start();
        return stub;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            byte[] body = exchange.getRequestBody().readAllBytes();
            asked.add(new Asked(path, exchange.getRequestHeaders(), new String(body, StandardCharsets.UTF_8)));
            next(path).to(exchange);
        }
    }

    private Answer next(String path) {
        Queue<Answer> queue = answers.getOrDefault(path, new ArrayDeque<>());
        synchronized (queue) {
            // The last one stays.
            Answer answer = queue.size() > 1 ? queue.poll() : queue.peek();
            if (answer != null) {
                return answer;
            }
        }
        return switch (path) {
            case CHALLENGES -> challenge();
            case ATTESTATIONS -> text(200, "application/eat+jwt", TOKEN);
            default -> problem(404, "not-found");
        };
    }

    /** From now on these, in turn; the last one from then on. */
    StubService on(String path, Answer... inTurn) {
        answers.put(path, new ArrayDeque<>(List.of(inTurn)));
        return this;
    }

    static Answer challenge() {
        byte[] nonce = new byte[40];
        nonce[0] = 'C';
        return text(
                200,
                "application/json",
                "{\"nonce\":\"%s\",\"binding\":\"countersign-v1\"}"
                        .formatted(Base64.getUrlEncoder().withoutPadding().encodeToString(nonce)));
    }

    static Answer token() {
        return text(200, "application/eat+jwt", TOKEN);
    }

    static Answer problem(int status, String code, String... header) {
        return text(
                status,
                "application/problem+json",
                "{\"status\":%d,\"code\":\"%s\",\"detail\":\"what happened\",\"hint\":\"what to do\"}"
                        .formatted(status, code),
                header);
    }

    static Answer text(int status, String type, String body, String... header) {
        return exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            if (header.length == 2) {
                exchange.getResponseHeaders().set(header[0], header[1]);
            }
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    /** The request arrived, the answer never does. */
    static Answer lost() {
        return HttpExchange::close;
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Asked> asked(String path) {
        var of = new ArrayList<Asked>();
        for (Asked each : asked) {
            if (each.path().equals(path)) {
                of.add(each);
            }
        }
        return of;
    }

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    static String base64Url(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
