package io.countersign.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.service.api.problem.ProblemCode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is so about every error: RFC 9457, the members of the contract, a page that is served, nothing of our insides. */
final class ProblemForm {
    private static final Pattern INSIDES = Pattern.compile(
            "Exception|\\bat [a-z]+(\\.\\w+)+\\(|\\b(io\\.countersign|java\\.|javax\\.|jakarta\\.|com\\.nimbusds|com\\.fasterxml|"
                    + "org\\.bouncycastle|io\\.quarkus|io\\.vertx|Jackson|Nimbus)");

    /** Pages that were looked at already, by address. */
    private static final Map<String, String> PAGES = new ConcurrentHashMap<>();

    private ProblemForm() {}

    static void judge(Answer answer) {
        assertFalse(INSIDES.matcher(answer.text()).find(), answer.text());
        if (answer.status() < 400) {
            return;
        }
        assertEquals("application/problem+json", answer.mediaType(), answer.text());
        assertEquals("no-store", answer.header("cache-control"));
        ProblemCode code = Stream.of(ProblemCode.values())
                .filter(known -> known.code().equals(answer.json().path("code").asText()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no code of the contract: " + answer.text()));
        assertEquals(code.status(), answer.status());
        assertEquals(code.status(), answer.json().path("status").intValue());
        assertEquals(code.title(), answer.json().path("title").asText());
        assertTrue(answer.json().path("retryable").isBoolean());
        boolean tellsWhen = answer.status() == 503 || answer.status() == 429;
        assertEquals(tellsWhen, answer.headers().containsKey("retry-after"), answer.text());
        for (String member : List.of("detail", "hint")) {
            assertTrue(
                    answer.json().path(member).asText().endsWith("."),
                    () -> member + " is no sentence: " + answer.text());
        }
        String page = PAGES.computeIfAbsent(answer.json().path("type").asText(), ProblemForm::page);
        assertTrue(page.startsWith("# " + code.title() + "\n"), page);
    }

    private static String page(String address) {
        var response = Http.request().get(address);
        assertEquals(200, response.statusCode(), address);
        return response.asString();
    }
}
