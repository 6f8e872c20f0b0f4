package io.countersign.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every accident that docs/operate.md lists names the tests that show what callers see, and those are there. */
class OperateDocTest {
    private static final Path PAGE = Path.of("docs/operate.md");
    private static final String HEADER = "| accident | what callers see | what shows it | what to do | tested by |";
    private static final String ELSEWHERE = "no test named here: ";
    private static final Pattern NAME = Pattern.compile("`([A-Z]\\w*(?:Test|IT))\\.([a-z]\\w*)`");

    @Test
    void everyAccidentNamesTestsThatAreThere() throws IOException {
        String page = Files.readString(PAGE);
        assertEquals(List.of(), mistakes(page, sources()));
        assertTrue(rows(page).size() > 15, "the table of accidents was not found");
    }

    @Test
    void whatIsNotThereIsFound() {
        String page = HEADER + """

                |---|---|---|---|---|
                | good | a | b | c | `PaintTest.dries` |
                | elsewhere | a | b | c | no test named here: [audit.md](audit.md) |
                | ghost | a | b | c | `GhostTest.dries` |
                | misspelt | a | b | c | `PaintTest.dri` |
                | none | a | b | c | |
                | bare | a | b | c | PaintTest.dries |
                | short | a | b | `PaintTest.dries` |

                | other table | `GhostTest.dries` |
                """;
        assertEquals(
                List.of(
                        "ghost: there is no GhostTest.dries",
                        "misspelt: there is no PaintTest.dri",
                        "none: names no test",
                        "bare: names no test",
                        "short: 4 cells, not 5"),
                mistakes(page, Map.of("PaintTest", "class PaintTest { @Test void dries() {} }")));
    }

    private static List<String> mistakes(String page, Map<String, String> sources) {
        var mistakes = new ArrayList<String>();
        for (List<String> row : rows(page)) {
            String accident = row.getFirst();
            if (row.size() != 5) {
                mistakes.add("%s: %d cells, not 5".formatted(accident, row.size()));
                continue;
            }
            var names = NAME.matcher(row.getLast()).results().toList();
            if (names.isEmpty() && !row.getLast().startsWith(ELSEWHERE)) {
                mistakes.add(accident + ": names no test");
            }
            names.stream()
                    .filter(name -> !Pattern.compile("\\bvoid " + name.group(2) + "\\(")
                            .matcher(sources.getOrDefault(name.group(1), ""))
                            .find())
                    .forEach(name ->
                            mistakes.add("%s: there is no %s.%s".formatted(accident, name.group(1), name.group(2))));
        }
        return mistakes;
    }

    private static List<List<String>> rows(String page) {
        return page.lines()
                .dropWhile(line -> !line.equals(HEADER))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> Pattern.compile("\\|")
                        .splitAsStream(line.strip().replaceAll("^\\||\\|$", " "))
                        .map(String::strip)
                        .toList())
                .toList();
    }

    /** By name; of two classes with one name, both. */
    private static Map<String, String> sources() throws IOException {
        var sources = new TreeMap<String, String>();
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                sources.merge(
                        file.getFileName().toString().replace(".java", ""), Files.readString(file), String::concat);
            }
        }
        return sources;
    }
}
