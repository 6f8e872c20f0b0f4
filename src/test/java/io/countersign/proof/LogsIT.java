package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.insecure.DemoAttester;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The packaged service's log, in both of its forms. */
class LogsIT {
    private static final Pattern BEGINS =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3} [A-Z]+ +.*");
    private static final String BROKEN = """
            policy: broken
            version: "1"
            summary: A word of the language is misspelt.
            extends: [baseline]
            requires-nothing-known: true
            """;

    /** Has the service say something in several lines, and then that it stops. */
    private static List<String> logOf(Map<String, String> settings) throws Exception {
        DemoAttester amd = DemoAttester.start(new SecureRandom(), Instant.now());
        var all = new HashMap<>(Map.of("countersign.policies.poll", "1s"));
        all.putAll(settings);
        Path log;
        try (var service = PackagedService.start(amd, all)) {
            log = service.folder().resolve("service.log");
            Files.writeString(service.folder().resolve("policies").resolve("broken.yaml"), BROKEN);
            for (int look = 0; look < 100 && !service.log().contains("broken.yaml"); look++) {
                Thread.sleep(200);
            }
            service.post("/v1/appraisals", "{\"evidence\": \"\\n2026-01-01 00:00:00,000 ERROR forged\"}");
            service.get("/%0A2026-01-01%2000:00:00,000%20ERROR%20forged");
        }
        return Files.readAllLines(log);
    }

    @Test
    void everyLineOfJsonIsOneObjectWithTheFieldsThatThePageNamesAndMessagesKeepTheirLines() throws Exception {
        var messages = new ArrayList<String>();
        for (String line : logOf(Map.of("quarkus.log.console.json.enabled", "true"))) {
            JsonNode json = new ObjectMapper().readTree(line);
            for (String field : List.of("timestamp", "level", "loggerName", "message", "threadName", "mdc")) {
                assertTrue(json.has(field), line);
            }
            assertFalse(Instant.parse(json.path("timestamp").asText()).isBefore(Instant.parse("2026-01-01T00:00:00Z")));
            messages.add(json.path("message").asText());
        }
        String said = messages.stream()
                .filter(message -> message.contains("broken.yaml"))
                .findFirst()
                .orElseThrow();
        List<String> lines = said.lines().toList();
        assertTrue(lines.size() > 2, said);
        assertTrue(caretStandsUnder("requires-nothing-known", lines), said);
        assertFalse(String.join("\n", messages).contains("forged"));
    }

    @Test
    void everyPlainLineBeginsWithADateOrIsIndented() throws Exception {
        List<String> lines = logOf(Map.of());
        List<String> neither = lines.stream()
                .filter(line -> !line.isEmpty() && !BEGINS.matcher(line).matches() && !line.startsWith("    "))
                .toList();
        assertEquals(List.of(), neither);
        assertTrue(caretStandsUnder("requires-nothing-known", lines), String.join("\n", lines));
        assertFalse(String.join("\n", lines).contains("forged"));
    }

    private static boolean caretStandsUnder(String word, List<String> lines) {
        for (int i = 1; i < lines.size(); i++) {
            int caret = lines.get(i).indexOf('^');
            if (caret >= 0 && lines.get(i - 1).indexOf(word) == caret) {
                return true;
            }
        }
        return false;
    }
}
