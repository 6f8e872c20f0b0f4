package io.countersign.proof;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/** A collector of traces by OTLP over HTTP, in protobuf, that keeps all it is sent. */
final class OtlpCollector implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpServer server;
    private final Queue<Span> spans = new ConcurrentLinkedQueue<>();

    private OtlpCollector(HttpServer server) {
        this.server = server;
    }

    static OtlpCollector start() throws IOException {
        var collector =
                new OtlpCollector(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64));
        collector.server.createContext("/v1/traces", collector::take);
        collector.server.start();
        return collector;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            ExportTraceServiceRequest.parseFrom(exchange.getRequestBody()).getResourceSpansList().stream()
                    .flatMap(resource -> resource.getScopeSpansList().stream())
                    .flatMap(scope -> scope.getSpansList().stream())
                    .forEach(spans::add);
            exchange.sendResponseHeaders(200, -1);
        }
    }

    List<Span> spans() {
        return List.copyOf(spans);
    }

    /** All spans of the first trace that has a span such as this one, which ends last in its request. */
    List<Span> trace(Predicate<Span> last) throws InterruptedException {
        Instant until = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(until)) {
            var found = spans.stream().filter(last).findFirst();
            if (found.isPresent()) {
                // What ended before it may stand in the batch that is sent next.
                Thread.sleep(Duration.ofMillis(500));
                return spans.stream()
                        .filter(span -> span.getTraceId().equals(found.get().getTraceId()))
                        .toList();
            }
            Thread.sleep(Duration.ofMillis(50));
        }
        throw new AssertionError("no such span came; these did: "
                + spans.stream().map(Span::getName).toList());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
