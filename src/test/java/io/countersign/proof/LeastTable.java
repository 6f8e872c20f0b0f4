package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The table in docs/relying-parties.md of what each software accepts with the least setup: one row a token, one column each. */
final class LeastTable {
    private static final Path PAGE = Path.of("docs", "relying-parties.md");
    private static final String FIRST = "| a token … |";

    private LeastTable() {}

    /** Compares a column with what was found; run with {@code -Dgolden} it writes the column. */
    static void assertColumn(String title, Map<String, String> found) throws IOException {
        var lines = new ArrayList<>(Files.readAllLines(PAGE));
        int head = first(lines, FIRST);
        int column = cells(lines.get(head)).indexOf(title);
        var written = new ArrayList<String>();
        for (var each : found.entrySet()) {
            int row = first(lines, "| " + each.getKey() + " |");
            var cells = new ArrayList<>(cells(lines.get(row)));
            if (System.getProperty("golden") != null) {
                cells.set(column, each.getValue());
                lines.set(row, "| " + String.join(" | ", cells) + " |");
            }
            written.add(each.getKey() + ": " + cells.get(column));
        }
        if (System.getProperty("golden") != null) {
            Files.write(PAGE, lines);
        }
        assertEquals(
                found.entrySet().stream()
                        .map(each -> each.getKey() + ": " + each.getValue())
                        .toList(),
                written,
                title + " behaves otherwise than " + PAGE + " says: run it with -Dgolden, and read the difference");
    }

    private static int first(List<String> lines, String beginning) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(beginning)) {
                return i;
            }
        }
        throw new IllegalStateException("%s has no line that begins with %s".formatted(PAGE, beginning));
    }

    private static List<String> cells(String row) {
        return Arrays.stream(row.substring(2, row.length() - 2).split(" \\| ", -1))
                .toList();
    }
}
