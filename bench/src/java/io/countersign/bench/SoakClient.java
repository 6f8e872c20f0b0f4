package io.countersign.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.countersign.bench.Connection.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** One caller of a soak: it keeps its connection as long as the service does. */
final class SoakClient implements AutoCloseable {
    static final String SECRET = "a-secret-of-the-key-service-which-is-long-enough";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OF_JSON = "Content-Type: application/json\r\n";

    private final int port;
    private Connection connection;

    SoakClient(int port) throws IOException {
        this.port = port;
        this.connection = new Connection(port);
    }

    int port() {
        return port;
    }

    Answer post(String path, byte[] body) throws IOException {
        return send("POST", path, OF_JSON, body);
    }

    Answer post(String path, Object body) throws IOException {
        return post(path, body.toString().getBytes(StandardCharsets.UTF_8));
    }

    Answer send(String method, String path, String headers, byte[] body) throws IOException {
        try {
            return connection.send(method, path, headers, body);
        } catch (IOException | RuntimeException e) {
            again();
            throw e;
        }
    }

    /** After an answer that ends its connection. */
    void again() throws IOException {
        connection.close();
        connection = new Connection(port);
    }

    String nonce() throws IOException {
        return text(post("/v1/challenges", new byte[0]), "nonce");
    }

    Answer introspect(String token, boolean consume) throws IOException {
        return send(
                "POST",
                "/v1/tokens/introspect",
                "Content-Type: application/x-www-form-urlencoded\r\nAuthorization: Bearer " + SECRET + "\r\n",
                "token=%s&consume=%s".formatted(token, consume).getBytes(StandardCharsets.UTF_8));
    }

    static String text(Answer answer, String member) {
        return json(answer).path(member).asText();
    }

    static JsonNode json(Answer answer) {
        try {
            return JSON.readTree(answer.text());
        } catch (IOException _) {
            return MissingNode.getInstance();
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
