package io.countersign.examples.kms;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;

/** What a KMS sees of an issuer: discovery, keys, introspection. Tests change what it says. */
final class StubIssuer implements AutoCloseable {
    record Answer(int status, String body) {}

    /** What somebody asked of introspection. */
    record Question(String authorization, String form) {}

    private final HttpServer server;
    final AtomicInteger fetchesOfKeys = new AtomicInteger();
    final List<Question> questions = new CopyOnWriteArrayList<>();
    volatile ECKey signingKey;
    volatile List<JWK> published;
    volatile String cacheControl;
    volatile Answer discovery;
    volatile Answer keys;
    volatile Function<Question, Answer> introspection;
    /** Keys are answered once this is open. */
    volatile CountDownLatch gate;

    private StubIssuer(HttpServer server) {
        this.server = server;
    }

    static StubIssuer start() throws Exception {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var issuer = new StubIssuer(server);
        issuer.reset();
        server.createContext("/.well-known/openid-configuration", exchange -> answer(exchange, issuer.discovery));
        server.createContext("/jwks", exchange -> {
            issuer.fetchesOfKeys.incrementAndGet();
            issuer.waitAtTheGate();
            exchange.getResponseHeaders().set("Cache-Control", issuer.cacheControl);
            answer(
                    exchange,
                    issuer.keys != null
                            ? issuer.keys
                            : new Answer(200, new JWKSet(new ArrayList<>(issuer.published)).toString(true)));
        });
        server.createContext("/introspect", exchange -> {
            var question = new Question(
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII));
            issuer.questions.add(question);
            answer(exchange, issuer.introspection.apply(question));
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return issuer;
    }

    /** As a good issuer is: one key, which may be kept for five minutes; each token is active once. */
    void reset() throws Exception {
        signingKey = freshKey();
        published = List.of(signingKey);
        cacheControl = "public, max-age=300";
        discovery = new Answer(200, "{\"issuer\": \"%s\", \"jwks_uri\": \"%s/jwks\"}".formatted(address(), address()));
        keys = null;
        gate = new CountDownLatch(0);
        fetchesOfKeys.set(0);
        questions.clear();
        introspection = question -> questions.stream().filter(question::equals).count() == 1
                ? active(question, "consumed-now")
                : inactive("consumed", "The token was used up.");
    }

    private void waitAtTheGate() throws IOException {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    static ECKey freshKey() throws Exception {
        return new ECKeyGenerator(Curve.P_256)
                .keyIDFromThumbprint(true)
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.ES256)
                .generate();
    }

    static Answer active(Question question, String singleUse) {
        String token =
                URLDecoder.decode(question.form(), StandardCharsets.US_ASCII).replaceAll("^token=|&consume=true$", "");
        return new Answer(
                200,
                JsonMapper.shared()
                        .writeValueAsString(Map.of(
                                "active",
                                true,
                                "jti",
                                GoodToken.claimsOf(token).get("jti"),
                                "countersign_single_use",
                                singleUse)));
    }

    static Answer inactive(String reason, String hint) {
        return new Answer(
                200,
                JsonMapper.shared()
                        .writeValueAsString(
                                Map.of("active", false, "countersign_reason", reason, "countersign_hint", hint)));
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, Answer answer) throws IOException {
        try (exchange) {
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
