package io.countersign.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.service.access.Need;
import io.countersign.service.access.Refusal;
import io.countersign.service.access.Routes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a security engineer reads about routes is what the code does. */
class AccessPageTest {
    private static final Path PAGE = Path.of("docs/access.md");

    @Test
    void theTableOfRoutesIsThatOfTheCode() throws IOException {
        List<String> rows = Files.readString(PAGE)
                .lines()
                .dropWhile(line -> !line.equals("| route | needs |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
        assertEquals(
                Routes.table().stream()
                        .map(route -> "| `%s` | %s |".formatted(route.name(), words(route.need())))
                        .toList(),
                rows);
    }

    private static String words(Need need) {
        return switch (need) {
            case Need.Nothing _ -> "nothing";
            case Need.Status _ -> "nothing for up or down; `operate` for the rest";
            case Need.KnownCaller _ -> "a known caller";
            case Need.OfRole(var role) -> "`%s`".formatted(role.word());
            case Need.Unclassified _ -> throw new AssertionError("what stands in the table is classified");
        };
    }

    @Test
    void everyReasonOfTheMetricStandsOnThePage() throws IOException {
        String page = Files.readString(PAGE);
        for (Refusal why : Refusal.values()) {
            assertTrue(page.contains("`" + why.word() + "`"), why.word());
        }
    }
}
