package io.countersign.client;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.client.StrictJson.NotStrictException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents by somebody who means ill: whatever they hold, there is an outcome and never anything else. */
class HostileJsonTest {
    private static final long SEED = 20261123;
    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"",
            "\\u0000",
            "\\ud800",
            "null",
            "true",
            "1e999999999",
            "-0",
            "1.0",
            "\"checks\"",
            "\"submods\"",
            "\"rules\"",
            "\"code\"",
            "\"detail\"",
            "\"nonce\"",
            "\"token\"",
            "\"expires_at\"",
            "\"outcome\"",
            "\"failed\"",
            " ",
            "\n",
            "\u202e",
            "9".repeat(70),
            "[".repeat(40),
            "\"" + "x".repeat(2000) + "\"");

    private static final String DOCUMENT = """
            {"title": "t", "status": 403, "code": "appraisal-refused", "detail": "d", "hint": "h",
             "checks": [{"code": "a", "outcome": "failed"}],
             "submods": {"cpu0": {"checks": [{"code": "b", "outcome": "undetermined", "missing": "m"}]}},
             "rules": [{"name": "n", "outcome": "not-reached", "blocked_by": "b"}],
             "token": "a.b.c", "expires_at": "2026-11-23T12:00:00Z", "nonce": "AAAA"}""";

    /** Replaces stretches of a good document by pieces, so that most attempts get past the first character. */
    private static String spoiled(Random random) {
        var text = new StringBuilder(DOCUMENT);
        for (int change = random.nextInt(4); change >= 0; change--) {
            int from = random.nextInt(text.length());
            int to = Math.min(text.length(), from + random.nextInt(12));
            text.replace(from, to, PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    @Test
    void aProblemOfAnyFormIsReadOrRefusedAndFitForATerminal() {
        var random = new Random(SEED);
        int read = 0;
        for (int attempt = 0; attempt < 20_000; attempt++) {
            String text = spoiled(random);
            try {
                ObjectNode body = StrictJson.object(text);
                Problem problem = Problem.read(403, body);
                read++;
                for (String line : problem.explained().lines().toList()) {
                    assertTrue(
                            line.codePoints().noneMatch(point -> Character.isISOControl(point) || point == 0x202e),
                            text);
                }
                StrictJson.map(body);
            } catch (NotStrictException ignored) {
                // One of the two permitted ends.
            }
        }
        assertTrue(read > 500, "enough documents get past the parser to mean something: " + read);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{\"a\": 1, \"a\": 1}",
                "{\"a\": {\"b\": 1, \"b\": 2}}",
                "{} {}",
                "{}x",
                "{'a': 1}",
                "{a: 1}",
                "{\"a\": NaN}",
                "{\"a\": 01}",
                "{\"a\": 1,}",
                "// c\n{}",
                "{\"a\": \"\t\"}"
            })
    void jsonWithASecondReadingIsRefused(String text) {
        assertThrows(NotStrictException.class, () -> StrictJson.object(text));
    }

    @Test
    void depthAndLengthsHaveBounds() {
        assertThrows(NotStrictException.class, () -> StrictJson.value("[".repeat(33) + "]".repeat(33)));
        assertThrows(NotStrictException.class, () -> StrictJson.value("1".repeat(65)));
        assertThrows(NotStrictException.class, () -> StrictJson.value("{\"" + "n".repeat(2000) + "\": 1}"));
    }

    @Test
    void addressesAreTakenOnlyOverTlsOrOnThisMachine() {
        for (String good :
                List.of("https://a.example", "https://a.example/sub", "http://localhost:8080", "http://[::1]:1")) {
            assertTrue(ServiceAddress.of(good).text().equals(good));
        }
        for (String bad :
                List.of("http://a.example", "http://localhost.evil.example", "http://127.0.0.1.evil.example")) {
            assertThrows(IllegalArgumentException.class, () -> ServiceAddress.of(bad));
        }
        assertTrue(
                ServiceAddress.dangerouslyInTheClear("http://a.example").text().startsWith("http:"));
    }
}
