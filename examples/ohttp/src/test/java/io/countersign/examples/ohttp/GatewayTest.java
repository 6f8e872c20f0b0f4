package io.countersign.examples.ohttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.countersign.examples.ohttp.Expectations.Machines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Client, relay and gateway together. */
class GatewayTest {
    private static final String SECRET = "what nobody on the way may read";

    @ParameterizedTest
    @CsvSource({"X25519, P-256", "P256, P-256", "P384, P-384"})
    void aRequestArrivesAndTheRelayCannotReadIt(Kem kem, String issuersCurve) throws Exception {
        GatewayKey key = GatewayKey.generate(1, kem);
        try (var issuer = StandInIssuer.start(Curve.parse(issuersCurve))) {
            String token = issuer.attest(key.attestedJwk());
            try (var gateway = Gateway.start(0, List.of(key), () -> Optional.of(token), GatewayTest::echo);
                    var relay = Relay.start(gateway.address());
                    var client = client(issuer, gateway, relay, InstantSource.system())) {
                assertEquals("you said: " + SECRET, ask(client));
                assertEquals(1, relay.seen().size());
                String seen = new String(relay.seen().getFirst(), StandardCharsets.ISO_8859_1);
                assertTrue(!seen.contains("nobody"), "the relay must not see the request");
            }
        }
    }

    @Test
    void aRotationLosesNoRequest() throws Exception {
        GatewayKey old = GatewayKey.generate(1, Kem.X25519);
        GatewayKey next = GatewayKey.generate(2, Kem.P256);
        try (var issuer = StandInIssuer.start(Curve.P_256)) {
            var token = new AtomicReference<>(issuer.attest(old.attestedJwk()));
            try (var gateway = Gateway.start(0, List.of(old), () -> Optional.of(token.get()), GatewayTest::echo);
                    var relay = Relay.start(gateway.address());
                    var early = client(issuer, gateway, relay, InstantSource.system())) {
                assertEquals("you said: " + SECRET, ask(early));
                gateway.serve(List.of(next, old));
                try (var between = client(issuer, gateway, relay, InstantSource.system())) {
                    assertEquals("you said: " + SECRET, ask(between));
                    assertEquals(1, between.attested().config().keyId(), "only the old key is attested yet");
                }
                token.set(issuer.attest(next.attestedJwk()));
                try (var late = client(issuer, gateway, relay, InstantSource.system())) {
                    assertEquals("you said: " + SECRET, ask(late));
                    assertEquals(2, late.attested().config().keyId());
                }
                assertEquals("you said: " + SECRET, ask(early));

                gateway.serve(List.of(next));
                assertThrows(IOException.class, () -> ask(early), "the old key is gone");
                assertEquals("you said: " + SECRET, ask(early), "and the next request looks again");
            }
        }
    }

    @Test
    void theTokenIsFetchedAgainWhenItRanOut() throws Exception {
        GatewayKey key = GatewayKey.generate(1, Kem.X25519);
        try (var issuer = StandInIssuer.start(Curve.P_256);
                var gateway = FakeGateway.start()) {
            Instant start = Instant.now();
            var now = new AtomicReference<>(start);
            gateway.configs = KeyConfig.encodeList(List.of(key.config()));
            gateway.token = issuer.sign(issuer.claims(key.attestedJwk(), start));
            try (var client = new Client(gateway.address(), gateway.address(), expected(issuer), now::get)) {
                client.attested();
                now.set(start.plusSeconds(200));
                client.attested();
                assertEquals(1, gateway.tokensServed());

                now.set(start.plusSeconds(300));
                assertThrows(RefusedException.class, client::attested, "the gateway has not attested itself again");
                gateway.token = issuer.sign(issuer.claims(key.attestedJwk(), now.get()));
                assertEquals(key.config(), client.attested().config());
            }
        }
    }

    @Test
    void aGatewayWithoutATokenYetSaysSo() throws Exception {
        try (var issuer = StandInIssuer.start(Curve.P_256);
                var gateway = Gateway.start(
                        0, List.of(GatewayKey.generate(1, Kem.X25519)), Optional::empty, GatewayTest::echo);
                var relay = Relay.start(gateway.address());
                var client = client(issuer, gateway, relay, InstantSource.system())) {
            IOException failure = assertThrows(IOException.class, () -> ask(client));
            assertTrue(String.valueOf(failure.getMessage()).endsWith("answered 503; expected 200"));
            assertEquals(List.of(), relay.seen());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 7, 38, 39, 54, 55, 200})
    void whatDoesNotOpenIsAKeyProblem(int length) throws Exception {
        byte[] rubbish = new byte[length];
        if (length > 0) {
            rubbish[0] = 1;
        }
        HttpResponse<String> answer = post(rubbish, MediaType.REQUEST);
        assertEquals(400, answer.statusCode());
        assertTrue(answer.body().contains("https://iana.org/assignments/http-problem-types#ohttp-key"));
    }

    @Test
    void otherTypesAndEndlessRequestsAreRefused() throws Exception {
        assertEquals(415, post(new byte[10], "application/json").statusCode());
        assertEquals(413, post(new byte[1024 * 1024 + 1], MediaType.REQUEST).statusCode());
    }

    @Test
    void aRequestThatIsNoBinaryHttpIsAnsweredInsideTheEncapsulation() throws Exception {
        GatewayKey key = GatewayKey.generate(1, Kem.X25519);
        try (var issuer = StandInIssuer.start(Curve.P_256)) {
            String token = issuer.attest(key.attestedJwk());
            try (var gateway = Gateway.start(0, List.of(key), () -> Optional.of(token), Story::reply);
                    var relay = Relay.start(gateway.address());
                    var client = client(issuer, gateway, relay, InstantSource.system())) {
                assertEquals(
                        400,
                        BinaryHttp.Response.parse(client.ask(new byte[] {9, 9})).status());
            }
        }
    }

    @Test
    void theStoryGoesAsTold() {
        var told = new ByteArrayOutputStream();
        var complaints = new ByteArrayOutputStream();
        int code = main(told, complaints).run(List.of("story"));
        assertEquals("", complaints.toString(StandardCharsets.UTF_8));
        assertEquals(0, code, told.toString(StandardCharsets.UTF_8));
        assertTrue(told.toString(StandardCharsets.UTF_8).contains("refused, and nothing was encrypted"));
    }

    @Test
    void theClientCommandAsksAndRefuses() throws Exception {
        GatewayKey key = GatewayKey.generate(1, Kem.P256);
        try (var issuer = StandInIssuer.start(Curve.P_256)) {
            String token = issuer.attest(key.attestedJwk());
            try (var gateway = Gateway.start(0, List.of(key), () -> Optional.of(token), GatewayTest::echo);
                    var relay = Relay.start(gateway.address())) {
                var words = new ArrayList<>(
                        List.of("client", "--gateway", gateway.address().toString()));
                words.addAll(List.of(
                        "--relay",
                        relay.address().toString(),
                        "--issuer",
                        issuer.address().toString()));
                words.addAll(List.of("--audience", StandInIssuer.AUDIENCE, "--policy", StandInIssuer.POLICY));
                words.addAll(List.of("--ask", SECRET));
                var out = new ByteArrayOutputStream();
                assertEquals(1, main(out, new ByteArrayOutputStream()).run(words), "a laboratory was not asked for");
                assertEquals(List.of(), relay.seen());
                words.addAll(List.of("--laboratory", "yes"));
                assertEquals(0, main(out, new ByteArrayOutputStream()).run(words));
                assertEquals("200 you said: " + SECRET + System.lineSeparator(), out.toString(StandardCharsets.UTF_8));
            }
        }
    }

    /** As a unit file runs it: key and token from the boot client's files, the token renewed under way. */
    @Test
    void theGatewayCommandServesTheBootClientsKeyAndNewestToken(@TempDir Path folder) throws Exception {
        Path keyFile = folder.resolve("key.jwk");
        Path tokenFile = folder.resolve("token");
        ECKey jwk = new ECKeyGenerator(Curve.P_256).generate();
        Files.writeString(keyFile, jwk.toJSONString() + "\n");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "gateway",
                        "--key-file",
                        keyFile.toString(),
                        "--token-file",
                        tokenFile.toString(),
                        "--port",
                        "0")
                .redirectErrorStream(true)
                .start();
        try (var issuer = StandInIssuer.start(Curve.P_256);
                var lines = process.inputReader(StandardCharsets.UTF_8)) {
            String said = String.valueOf(lines.readLine());
            assertTrue(said.startsWith("Serving the key " + jwk.computeThumbprint() + " at http://127.0.0.1:"), said);
            URI gateway = URI.create(said.substring(said.indexOf("http"))).resolve("/");
            try (var relay = Relay.start(gateway);
                    var client = new Client(gateway, relay.address(), expected(issuer), InstantSource.system())) {
                assertThrows(IOException.class, () -> ask(client), "there is no token yet");
                Files.writeString(tokenFile, issuer.attest(jwk.toPublicJWK()) + "\n");
                assertEquals(
                        "POST / came with " + SECRET.length() + " characters, read inside the TEE alone", ask(client));
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "help",
                "client",
                "client --ask",
                "client --other x",
                "gateway --port x",
                "client --ask a --ask b"
            })
    void wrongWordsEndWithTheUsage(String line) {
        var complaints = new ByteArrayOutputStream();
        assertEquals(
                2,
                main(new ByteArrayOutputStream(), complaints)
                        .run(List.of(line.trim().split(" ", -1))));
        assertTrue(complaints.toString(StandardCharsets.UTF_8).contains("--token-file FILE"));
    }

    private static Main main(ByteArrayOutputStream out, ByteArrayOutputStream complaints) {
        return new Main(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(complaints, true, StandardCharsets.UTF_8));
    }

    private static HttpResponse<String> post(byte[] message, String type) throws Exception {
        try (var gateway = Gateway.start(
                        0, List.of(GatewayKey.generate(1, Kem.X25519)), Optional::empty, GatewayTest::echo);
                var http = HttpClient.newHttpClient()) {
            URI address = gateway.address().resolve(MediaType.GATEWAY_PATH);
            return http.send(
                    HttpRequest.newBuilder(address)
                            .timeout(Duration.ofSeconds(20))
                            .header("Content-Type", type)
                            .POST(BodyPublishers.ofByteArray(message))
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    private static byte[] echo(byte[] request) throws MalformedException {
        String said = BinaryHttp.Request.parse(request).content();
        return new BinaryHttp.Response(200, "you said: " + said).encode();
    }

    private static String ask(Client client) throws Exception {
        byte[] request = new BinaryHttp.Request("POST", "https", "inference.example", "/", SECRET).encode();
        return BinaryHttp.Response.parse(client.ask(request)).content();
    }

    private static Client client(StandInIssuer issuer, Gateway gateway, Relay relay, InstantSource clock) {
        return new Client(gateway.address(), relay.address(), expected(issuer), clock);
    }

    private static Expectations expected(StandInIssuer issuer) {
        return new Expectations(
                issuer.address(),
                StandInIssuer.AUDIENCE,
                StandInIssuer.POLICY,
                Optional.empty(),
                Machines.LABORATORY_TOO);
    }
}
