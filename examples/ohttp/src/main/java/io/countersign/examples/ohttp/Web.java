package io.countersign.examples.ohttp;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** HTTP with bounds: no redirects, no more bytes than expected, no longer than the patience. */
final class Web implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final int OK = 200;

    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(PATIENCE)
            .build();

    /** Refuses what is neither https nor on this machine. */
    static void demandSafe(URI address) {
        boolean here = address.getHost() != null && THIS_MACHINE.contains(address.getHost());
        if (address.getHost() == null
                || !("https".equals(address.getScheme()) || here && "http".equals(address.getScheme()))) {
            throw new IllegalArgumentException(
                    "The address " + address + " is not https; plain http is for this machine alone");
        }
    }

    byte[] get(URI address, String type, int limit) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(address).header("Accept", type), type, limit);
    }

    byte[] post(URI address, String sentType, byte[] body, String type, int limit)
            throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(address)
                        .header("Content-Type", sentType)
                        .header("Accept", type)
                        .POST(BodyPublishers.ofByteArray(body)),
                type,
                limit);
    }

    private byte[] send(HttpRequest.Builder request, String type, int limit) throws IOException, InterruptedException {
        HttpRequest ready = request.timeout(PATIENCE).build();
        demandSafe(ready.uri());
        var answering = client.sendAsync(ready, BodyHandlers.limiting(BodyHandlers.ofByteArray(), limit));
        HttpResponse<byte[]> answer;
        try {
            // The request's own timeout ends with the headers; this one covers the body too.
            answer = answering.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            answering.cancel(true);
            throw new IOException(
                    ready.uri() + " did not answer within " + PATIENCE.toSeconds() + " s; try again later");
        } catch (ExecutionException e) {
            throw new IOException(
                    ready.uri() + " cannot be read (" + e.getCause() + "); expected an answer of at most " + limit
                            + " bytes",
                    e.getCause());
        }
        if (answer.statusCode() != OK) {
            throw new IOException(ready.uri() + " answered " + answer.statusCode() + "; expected 200");
        }
        String got = answer.headers().firstValue("Content-Type").orElse("no content type");
        if (!got.equals(type) && !got.startsWith(type + ";")) {
            throw new IOException(ready.uri() + " answered with " + got + "; expected " + type);
        }
        return answer.body();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
