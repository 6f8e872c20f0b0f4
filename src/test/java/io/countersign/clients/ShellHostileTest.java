package io.countersign.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import io.countersign.clients.BootClient.Ran;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Services, collectors and configurations that mean harm. */
class ShellHostileTest extends BootTest {
    private static final long TEN_MEGABYTES = 10_000_000;
    /** In pieces, as a length of 0 means to the server. */
    private static final long WITHOUT_END = 0;

    private static final Duration BOUND = Duration.ofSeconds(30);

    @ParameterizedTest
    @ValueSource(longs = {TEN_MEGABYTES, WITHOUT_END})
    void anAnswerThatIsTooLongIsNoAnswer(long length) throws Exception {
        var sent = new AtomicLong();
        service.on(StubService.CHALLENGES, exchange -> flood(exchange, length, sent));
        Instant begin = Instant.now();
        assertEnds(69, attest("--attempts", "1"));
        assertTrue(Duration.between(begin, Instant.now()).compareTo(BOUND) < 0);
        assertTrue(sent.get() < 4 * TEN_MEGABYTES, () -> sent + " bytes were taken");
    }

    /** Until the other side hangs up. */
    private static void flood(HttpExchange exchange, long length, AtomicLong sent) throws IOException {
        exchange.sendResponseHeaders(200, length);
        byte[] piece = "{\"nonce\": ".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
        while (length == WITHOUT_END || sent.get() < length) {
            exchange.getResponseBody().write(piece);
            sent.addAndGet(piece.length);
        }
    }

    @Test
    void anAnswerThatDripsIsGivenUpInTime() throws Exception {
        service.on(StubService.CHALLENGES, exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            try {
                for (int i = 0; i < 1000; i++) {
                    exchange.getResponseBody().write(' ');
                    exchange.getResponseBody().flush();
                    Thread.sleep(Duration.ofMillis(100));
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        Instant begin = Instant.now();
        assertEnds(69, attest("--attempts", "1", "--timeout", "1"));
        assertTrue(Duration.between(begin, Instant.now()).compareTo(BOUND) < 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void isNotSentElsewhere(int status) throws Exception {
        try (var elsewhere = StubService.start()) {
            service.on(
                    StubService.CHALLENGES,
                    StubService.text(status, "text/html", "moved", "Location", elsewhere.address() + "/v1/challenges"));
            assertEnds(69, attest("--attempts", "1"), "is this the right address?");
            assertEquals(0, elsewhere.asked().size());
        }
    }

    static Stream<String> challengesThatAreNone() {
        String nonce = "\"nonce\": \"%s\"".formatted("A".repeat(43));
        return Stream.of(
                "<html><title>Welcome</title>sign in</html>",
                "",
                "{",
                "[]",
                "{}",
                "{" + nonce + "} x",
                "{" + nonce,
                "{" + nonce + ", " + nonce + "}",
                "{\"nonce\": \"AA\"}",
                "{\"nonce\": \"" + "A".repeat(5000) + "\"}",
                "{\"nonce\": \"$(touch pwned)$(touch pwned)\"}",
                "{\"nonce\": {\"nonce\": \"" + "A".repeat(43) + "\"}}",
                "[".repeat(33) + "]".repeat(33),
                "[".repeat(100_000),
                "\"".repeat(300_001),
                "{" + nonce + ", \"a\": \"" + "\\".repeat(1001) + "\"}");
    }

    @ParameterizedTest
    @MethodSource("challengesThatAreNone")
    void whatIsNoChallengeIsNotAnswered(String body) throws Exception {
        service.on(StubService.CHALLENGES, StubService.text(200, "application/json", body));
        assertEnds(69, attest("--attempts", "1"), "no nonce");
        assertEquals(0, service.asked(StubService.ATTESTATIONS).size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>in.this.page</html>",
                "",
                "a.b",
                "a.b.c.d",
                "a.b.c\na.b.c",
                "x y\na.b.c",
                "{\"token\":\"a.b.c\"}"
            })
    void whatIsNoTokenIsNotStored(String body) throws Exception {
        service.on(StubService.ATTESTATIONS, StubService.text(200, "application/eat+jwt", body));
        assertEnds(69, attest("--attempts", "1"), "without a token");
        assertFalse(Files.exists(client.token()));
    }

    @Test
    void nothingUnprintableReachesTheTerminal() throws Exception {
        service.on(
                StubService.ATTESTATIONS,
                StubService.text(
                        403,
                        "application/problem+json",
                        "{\"code\":\"appraisal-refused\",\"detail\":\"\u001b]0;owned\u0007 \\u001b[2J \u009b31m é\","
                                + "\"hint\":\"\u0000\u0008\"}"));
        Ran ran = attest();
        assertEnds(77, ran, "appraisal-refused");
        assertPrintable(ran);
    }

    private static void assertPrintable(Ran ran) {
        assertTrue(ran.output().chars().allMatch(c -> c == '\n' || c >= ' ' && c <= '~'), ran.output());
    }

    static Stream<Arguments> collectors() {
        String device = "[{\"arch\":\"HOPPER\",\"evidence\":\"%s\",\"certificate\":\"AAAA\"}]";
        return Stream.of(
                Arguments.of("exit 1", 78),
                Arguments.of("printf '\\033[2J' >&2; exit 3", 78),
                Arguments.of("exec /no/such/program", 78),
                Arguments.of("true", 65),
                Arguments.of("echo '[]'", 78),
                Arguments.of("echo '{\"evidences\":[]}'", 78),
                Arguments.of("echo no JSON", 65),
                Arguments.of("head -c 10000000 /dev/zero", 65),
                Arguments.of("yes '[{'", 65),
                Arguments.of(print(device.formatted("$(touch pwned)")), 65),
                Arguments.of(print(device.formatted("AAAA`touch pwned`")), 65),
                Arguments.of(print(device.formatted("AA\\\"AA")), 65),
                Arguments.of(print(device.formatted("AA\\\\AA")), 65),
                Arguments.of(print(device.formatted("AA\\nAA")), 65),
                Arguments.of(print(device.formatted("AA AA")), 65),
                Arguments.of(print(device.formatted("")), 65),
                Arguments.of(print("[{\"evidence\":\"AAAA\",\"arch\":\"A\"}]"), 65),
                Arguments.of(print("[{\"evidence\":\"AAAA\",\"certificate\":\"AAAA\",\"arch\":\"A\\\",\\\"x\"}]"), 65));
    }

    private static String print(String text) {
        return "cat <<'END'\n" + text + "\nEND";
    }

    @ParameterizedTest
    @MethodSource("collectors")
    void evidenceThatIsNoneIsNotSent(String script, int exit) throws Exception {
        Path collector = client.program("collect", script);
        Ran ran = attest("--gpus", collector.toString());
        assertEnds(exit, ran, "the collector");
        assertPrintable(ran);
        assertEquals(0, service.asked(StubService.ATTESTATIONS).size());
        assertNothingTouched();
    }

    private void assertNothingTouched() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            assertTrue(files.noneMatch(file -> file.endsWith("pwned")));
        }
        assertFalse(Files.exists(Path.of("pwned")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$(touch pwned)",
                "`touch pwned`",
                "audience",
                "=value",
                "service audience=touch",
                "PATH=/tmp",
                "IFS=x",
                "touch pwned; audience=x",
                "audience;touch=pwned",
                "config=/etc/passwd",
                "*=x",
                "audience=https://\"quoted\"",
                "audience=back\\slash",
                "audience=\u001b[2J"
            })
    void aConfigurationIsReadAndNeverRun(String line) throws Exception {
        Files.writeString(client.config(), "# a comment\n\n" + line + "\n");
        Ran ran = attest();
        assertEnds(78, ran);
        assertPrintable(ran);
        assertNothingTouched();
    }

    @ParameterizedTest
    @ValueSource(strings = {"$(touch pwned)", "`touch pwned`", "'; touch pwned; '", "$HOME", "a b", "*"})
    void aValueIsTakenAsItIs(String value) throws Exception {
        Files.writeString(client.config(), "audience=" + value + "\n");
        assertEnds(0, client.run("attest", withoutAudience()));
        assertEquals(
                value,
                service.asked(StubService.ATTESTATIONS)
                        .getFirst()
                        .json()
                        .path("audience")
                        .asText());
        assertNothingTouched();
    }

    private String[] withoutAudience() {
        return Stream.of(options())
                .filter(each -> !each.equals("--audience") && !each.equals(AUDIENCE))
                .toArray(String[]::new);
    }

    @Test
    void anOptionWinsOverTheConfiguration() throws Exception {
        Files.writeString(client.config(), "audience=https://another.example\npolicy=pinned");
        assertEnds(0, attest());
        var sent = service.asked(StubService.ATTESTATIONS).getFirst().json();
        assertEquals(AUDIENCE, sent.path("audience").asText());
        assertEquals("pinned", sent.path("policy").asText());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://service.example",
                "http://127.0.0.1.example",
                "http://127.0.0.1:1@service.example",
                "http://localhost:1@service.example/",
                "http://localhost.example",
                "ftp://127.0.0.1/",
                "https://",
                "https://a b",
                "file:///etc/passwd",
                "-o/etc/passwd"
            })
    void anAddressThatWouldShowEvidenceToOthersIsRefused(String address) throws Exception {
        assertEnds(64, attest("--service", address), "--service");
    }

    @Test
    void httpIsNeverTakenUnasked() throws Exception {
        Path asked = folder.resolve("asked");
        client.program("curl", "echo asked >'%s'".formatted(asked));
        var ran = client.run(
                "attest",
                Stream.of(options())
                        .filter(each -> !each.equals("--insecure-http"))
                        .toArray(String[]::new));
        assertEnds(64, ran, "--insecure-http");
        assertFalse(Files.exists(asked));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "00", "-1", "1000", "x", "1;2", ""})
    void aBoundIsANumber(String value) throws Exception {
        assertEnds(64, attest("--timeout", value), "--timeout");
        assertEnds(64, attest("--attempts", value), "--attempts");
    }

    @Test
    void whatStaysOnThisMachineGoesToNoProxy() throws Exception {
        try (var proxy = StubService.start()) {
            client.with("http_proxy", proxy.address()).with("no_proxy", "");
            assertEnds(0, attest());
            assertEquals(0, proxy.asked().size());
        }
    }

    @Test
    void aCurlConfigurationOfTheUserChangesNothing() throws Exception {
        Files.writeString(folder.resolve(".curlrc"), "url = \"" + service.address() + "/elsewhere\"\nlocation\n");
        client.with("HOME", folder.toString()).with("CURL_HOME", folder.toString());
        assertEnds(0, attest());
        assertEquals(0, service.asked("/elsewhere").size());
        assertNotEquals(0, service.asked(StubService.CHALLENGES).size());
    }
}
