package io.countersign.service.api.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {
    private static Optional<String> read(String... lines) {
        return IdempotencyKey.read(List.of(lines)).map(IdempotencyKey::text);
    }

    @Test
    void noHeaderIsNoKey() {
        assertEquals(Optional.empty(), read());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\0',
            value = {
                "0123456789abcdef, 0123456789abcdef",
                "\"0123456789abcdef\", 0123456789abcdef",
                "\"0123456789abcd\\\"\\\\\", 0123456789abcd\"\\",
                "8e03978e-40d5-43dd-bc93-6894a57f9324, 8e03978e-40d5-43dd-bc93-6894a57f9324",
                "0123456789\"abcdef, 0123456789\"abcdef",
            })
    void aStringInQuotesOrBareIsTheSameKey(String line, String text) {
        assertEquals(Optional.of(text), read(line));
    }

    @Test
    void itHasUpTo128Characters() {
        assertEquals(Optional.of("x".repeat(128)), read("\"" + "x".repeat(128) + "\""));
        refused("\"" + "x".repeat(129) + "\"");
        refused("x".repeat(129));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"\"",
                "0123456789abcde",
                "\"0123456789abcdef",
                "\"0123456789\"abcdef\"",
                "\"0123456789abcdef\\\"",
                "\"0123456789abc\\def\"",
                "0123456789 abcdef",
                "0123456789abcd\u00e9f",
                "0123456789abcdef\u007f",
                "\"0123456789abcdef\";v=1",
            })
    void anythingElseIsRefused(String line) {
        refused(line);
    }

    @Test
    void itStandsOnce() {
        refused("0123456789abcdef", "0123456789abcdef");
    }

    private static void refused(String... lines) {
        assertEquals(
                ProblemCode.REQUEST_INVALID,
                assertThrows(CountersignException.class, () -> read(lines))
                        .problem()
                        .code());
    }
}
