package io.countersign.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds generated pages to what they are generated from; run with {@code -Dgolden} it writes them. */
class GeneratedDocsTest {
    private static final Path CHECKS = Path.of("docs/checks.md");

    @BeforeAll
    static void renewWhenAsked() throws IOException {
        if (System.getProperty("golden") != null) {
            Files.writeString(CHECKS, ChecksPage.text());
        }
    }

    @Test
    void pageOfChecksIsWhatTheEnumsDeclare() throws IOException {
        assertEquals(
                ChecksPage.text(),
                Files.readString(CHECKS),
                "docs/checks.md is not current: run mvn test -Dtest=GeneratedDocsTest -Dgolden, and read the difference");
    }
}
