package io.countersign.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.bench.Connection.Answer;
import io.countersign.bench.SoakGood.Role;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** What those send who mean no good, or cannot. None of it may be accepted, and none of it may cost a 5xx. */
final class SoakHostile {
    private static final String ATTESTATIONS = "/v1/attestations";
    private static final int MOST_BYTES = 4 * 1024 * 1024;
    private static final int SLOW_BYTES = 15;

    private final SoakMaterial material;
    private final SoakTally tally;
    private final Random random = new Random(7);

    /** One way of misbehaving. */
    private interface Misdeed {
        void commit(SoakClient client) throws IOException;
    }

    SoakHostile(SoakMaterial material, SoakTally tally) {
        this.material = material;
        this.tally = tally;
    }

    List<Role> roles() {
        return List.of(
                role("liars", 20, List.of(this::truncated, this::tampered, this::replayed, this::unknownNonce)),
                role("scribblers", 20, List.of(this::badJson, this::deepJson, this::randomBytes, this::wrongType)),
                role("those without rights", 10, List.of(this::noSecret, this::notAToken, this::strangers)),
                role("talkers", 1, List.of(this::greatest, this::tooGreat)),
                role("speakers of another tongue", 10, List.of(this::garbage, this::halfClosed, this::hangsUp)),
                new Role("slow senders", 1, this::slowly),
                new Role("more slow senders", 1, this::slowly));
    }

    private static Role role(String name, double perSecond, List<Misdeed> misdeeds) {
        return new Role(name, perSecond / misdeeds.size(), client -> {
            for (Misdeed misdeed : misdeeds) {
                misdeed.commit(client);
            }
        });
    }

    private void truncated(SoakClient client) throws IOException {
        ObjectNode body = SoakMaterial.attestation(material.snp(client.nonce()));
        byte[] report =
                Base64.getUrlDecoder().decode(body.at("/evidence/cpu0/report").asText());
        byte[] part = Arrays.copyOf(report, random.nextInt(report.length));
        body.withObject("/evidence/cpu0")
                .put("report", Base64.getUrlEncoder().withoutPadding().encodeToString(part));
        expect("truncated evidence", client.post(ATTESTATIONS, body), 400, 422);
    }

    private void tampered(SoakClient client) throws IOException {
        ObjectNode body = SoakMaterial.attestation(material.snp(client.nonce()));
        byte[] report =
                Base64.getUrlDecoder().decode(body.at("/evidence/cpu0/report").asText());
        report[0x90 + random.nextInt(48)] ^= (byte) (1 << random.nextInt(8));
        body.withObject("/evidence/cpu0")
                .put("report", Base64.getUrlEncoder().withoutPadding().encodeToString(report));
        verdict("a flipped bit in the measurement", client.post(ATTESTATIONS, body));
    }

    private void replayed(SoakClient client) throws IOException {
        ObjectNode body = SoakMaterial.attestation(material.snp(client.nonce()));
        Answer first = client.post(ATTESTATIONS, body);
        tally.verdict();
        expect("attestation, SEV-SNP", first, 200);
        expect("a replayed challenge", client.post(ATTESTATIONS, body), 409);
    }

    private void unknownNonce(SoakClient client) throws IOException {
        byte[] nonce = bytes(32);
        nonce[0] = 0x43;
        nonce[1] = 0x53;
        nonce[2] = 0x01;
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(nonce);
        expect("a made-up challenge", client.post(ATTESTATIONS, SoakMaterial.attestation(material.snp(text))), 400);
    }

    private void badJson(SoakClient client) throws IOException {
        String body = material.snp(client.nonce()).toString();
        expect("broken JSON", client.post(ATTESTATIONS, body.substring(0, random.nextInt(body.length()))), 400);
    }

    private void deepJson(SoakClient client) throws IOException {
        expect("JSON of 100,000 levels", client.post(ATTESTATIONS, "{\"evidence\":".repeat(100_000)), 400);
    }

    private void randomBytes(SoakClient client) throws IOException {
        expect("random bytes", client.post(ATTESTATIONS, bytes(random.nextInt(4096))), 400);
    }

    private void wrongType(SoakClient client) throws IOException {
        byte[] body = material.snp(client.nonce()).toString().getBytes(StandardCharsets.UTF_8);
        String type = List.of("text/plain", "application/xml", "multipart/form-data; boundary=x", "nonsense")
                .get(random.nextInt(4));
        Answer answer = client.send("POST", ATTESTATIONS, "Content-Type: " + type + "\r\n", body);
        expect("another type of body", answer, 400, 415);
        client.again();
    }

    private void noSecret(SoakClient client) throws IOException {
        byte[] form = "token=x".getBytes(StandardCharsets.UTF_8);
        String type = "Content-Type: application/x-www-form-urlencoded\r\n";
        expect("introspection by nobody", client.send("POST", "/v1/tokens/introspect", type, form), 401);
        String wrong = type + "Authorization: Bearer " + "x".repeat(43) + "\r\n";
        expect("introspection with a wrong secret", client.send("POST", "/v1/tokens/introspect", wrong, form), 401);
    }

    private void notAToken(SoakClient client) throws IOException {
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(200));
        Answer answer = client.introspect(text + "." + text + "." + text, true);
        tally.introspection();
        expect("introspection of no token", answer, 200);
        if (SoakClient.json(answer).path("active").asBoolean(true)) {
            tally.wrong("introspection of no token", answer.text());
        }
    }

    /** Chips that nobody has seen: each is asked for in the folder, and remembered as one that is not there. */
    private void strangers(SoakClient client) throws IOException {
        for (int i = 0; i < 5; i++) {
            ObjectNode body = SoakMaterial.attestation(material.strangerSnp(client.nonce()));
            verdict("a chip never seen before", client.post(ATTESTATIONS, body));
        }
    }

    private void greatest(SoakClient client) throws IOException {
        byte[] body = new byte[MOST_BYTES];
        Arrays.fill(body, (byte) ' ');
        body[0] = '{';
        body[MOST_BYTES - 1] = '}';
        expect("4 MiB of nothing", client.post(ATTESTATIONS, body), 400);
        ObjectNode evidence = SoakMaterial.attestation(material.snp(client.nonce()));
        evidence.withObject("/evidence/cpu0").put("report", "A".repeat(MOST_BYTES - 64 * 1024));
        expect("4 MiB of report", client.post(ATTESTATIONS, evidence), 400, 422);
    }

    private void tooGreat(SoakClient client) throws IOException {
        try {
            expect("one byte more than 4 MiB", client.post(ATTESTATIONS, new byte[MOST_BYTES + 1]), 413);
        } catch (IOException _) {
            tally.count("one byte more than 4 MiB", "connection closed");
        }
        client.again();
    }

    private void garbage(SoakClient client) throws IOException {
        String line = List.of(
                        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001",
                        "GET / HTTP/9.9\r\n\r\n",
                        "POST /v1/attestations HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
                        "POST /v1/attestations HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
                        "POST /v1/attestations HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                        "GET /" + "a".repeat(70_000) + " HTTP/1.1\r\n\r\n",
                        "GET / HTTP/1.1\r\nX: " + "a".repeat(70_000) + "\r\n\r\n",
                        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
                .get(random.nextInt(8));
        raw("HTTP that is none", client, connection -> {
            connection.write(line.getBytes(StandardCharsets.ISO_8859_1));
            connection.halfClose();
        });
    }

    private void halfClosed(SoakClient client) throws IOException {
        raw("a half-closed connection", client, connection -> {
            connection.write("POST /v1/challenges HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            connection.halfClose();
        });
    }

    private void hangsUp(SoakClient client) throws IOException {
        byte[] body = SoakMaterial.attestation(material.snp(client.nonce()))
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        try (var connection = new Connection(client.port())) {
            connection.write(("POST " + ATTESTATIONS
                            + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                            + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            connection.write(Arrays.copyOf(body, random.nextInt(body.length)));
        }
        tally.count("a request cut off", "nobody listens");
    }

    /** A byte a second, and then no more. */
    private void slowly(SoakClient client) throws IOException {
        raw("a slow sender", client, connection -> {
            connection.write(("POST " + ATTESTATIONS
                            + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < SLOW_BYTES; i++) {
                connection.write(new byte[] {'{'});
                try {
                    Thread.sleep(1000);
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
            connection.halfClose();
        });
    }

    private interface Sending {
        void to(Connection connection) throws IOException;
    }

    /** Whatever the answer, it is none of ours that went wrong; often there is none. */
    private void raw(String kind, SoakClient client, Sending sending) throws IOException {
        try (var connection = new Connection(client.port())) {
            sending.to(connection);
            Answer answer = connection.answer();
            tally.count(kind, Integer.toString(answer.status()));
            if (answer.status() >= 500) {
                tally.wrong(kind, answer.status() + " " + answer.text());
            }
        } catch (SocketTimeoutException e) {
            tally.wrong(kind, "no answer and no end of the connection: " + e.getMessage());
        } catch (IOException | RuntimeException _) {
            tally.count(kind, "connection closed");
        }
    }

    private void verdict(String kind, Answer answer) {
        tally.verdict();
        expect(kind, answer, 403);
    }

    private void expect(String kind, Answer answer, Integer... statuses) {
        tally.count(kind, Integer.toString(answer.status()));
        if (!Set.of(statuses).contains(answer.status())) {
            tally.wrong(kind, answer.status() + " " + answer.text());
        }
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
