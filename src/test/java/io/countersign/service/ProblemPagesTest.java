package io.countersign.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.service.api.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The pages under {@code docs/problems} and the codes say the same. */
class ProblemPagesTest {
    private static final Path FOLDER = Path.of("docs", "problems");

    @ParameterizedTest
    @EnumSource
    void everyCodeHasAPageWithItsTitleStatusAndAdviceOnRetrying(ProblemCode code) throws IOException {
        String page = Files.readString(FOLDER.resolve(code.code() + ".md"));
        assertTrue(page.startsWith("# " + code.title() + "\n"), page);
        String retryable = code.retry() == ProblemCode.Retry.LATER ? "yes" : "no";
        assertTrue(
                page.contains("`%s` · status %d · retryable: %s\n".formatted(code.code(), code.status(), retryable)),
                page);
        assertTrue(page.contains("\"title\": \"" + code.title() + "\""), page);
        assertEquals("/docs/problems/" + code.code() + ".md", code.type());
    }

    @Test
    void noPageStandsForACodeThatIsNotThere() throws IOException {
        try (Stream<Path> pages = Files.list(FOLDER)) {
            assertEquals(
                    Stream.of(ProblemCode.values())
                            .map(code -> code.code() + ".md")
                            .collect(Collectors.toSet()),
                    pages.map(page -> String.valueOf(page.getFileName())).collect(Collectors.toSet()));
        }
    }
}
