package io.countersign.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A plain HTTP client that keeps its connections and sends nothing twice: whoever loses an answer hears of it here. */
final class KeptClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI address;
    private final Duration patience;

    KeptClient(URI address) {
        this(address, Duration.ofSeconds(40));
    }

    KeptClient(URI address, Duration patience) {
        this.address = address;
        this.patience = patience;
    }

    /** An answer, and who gave it. */
    record Heard(int status, JsonNode body, String from, HttpResponse<String> whole) {
        static Heard of(HttpResponse<String> answer) {
            JsonNode body;
            try {
                body = JSON.readTree(answer.body());
            } catch (IOException _) {
                body = JSON.missingNode(); // A balancer's own page, or nothing at all.
            }
            return new Heard(
                    answer.statusCode(),
                    body,
                    answer.headers().firstValue(Balancer.SERVED_BY).orElse(""),
                    answer);
        }

        boolean is(int expected, String code) {
            return status == expected && text("code").equals(code);
        }

        String text(String member) {
            return body.path(member).asText();
        }

        boolean retryAfter() {
            return whole.headers().firstValue("Retry-After").isPresent();
        }

        @Override
        public String toString() {
            return "%d from %s: %s".formatted(status, from, whole.body());
        }
    }

    Heard challenge() throws IOException, InterruptedException {
        return post("/v1/challenges", "{\"audience\": \"%s\"}".formatted(PackagedService.AUDIENCE));
    }

    /** Posts JSON, with further headers by name and value in turn. */
    Heard post(String path, String body, String... headers) throws IOException, InterruptedException {
        return send(path, "application/json", body, headers);
    }

    /** What the key service asks about a token. */
    Heard introspect(String token, boolean consume) throws IOException, InterruptedException {
        return send(
                "/v1/tokens/introspect",
                "application/x-www-form-urlencoded",
                "token=%s&consume=%s".formatted(token, consume),
                "Authorization",
                "Bearer " + Replicas.SECRET);
    }

    private Heard send(String path, String type, String body, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(address.resolve(path))
                .timeout(patience)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return Heard.of(client.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    }

    Heard get(String path) throws IOException, InterruptedException {
        return Heard.of(client.send(
                HttpRequest.newBuilder(address.resolve(path)).timeout(patience).build(),
                HttpResponse.BodyHandlers.ofString()));
    }

    @Override
    public void close() {
        client.close();
    }
}
