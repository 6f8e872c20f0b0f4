package io.countersign.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every attack that the threat model lists names what shows its defence, and that is there: a test as
 * {@code ClassName.methodName}, or a case as {@code folder/name} below {@code fixtures/}. Sources are read as text, so that
 * tests of clients and examples, which are built apart, count too.
 */
class ThreatModelTest {
    private static final Path PAGE = Path.of("docs/threat-model.md");

    /** What may stand in place of a test: that there is no defence, or that nothing shows it. */
    private static final Pattern INSTEAD = Pattern.compile("not defended here|no test(: [^`]+)?");

    private static final List<String> HEADER = List.of("defence", "where", "shown by");
    private static final Pattern NAME = Pattern.compile("`([^`]*)`");
    private static final Pattern TEST = Pattern.compile("([A-Z]\\w*)\\.([a-z]\\w*)");
    private static final Pattern CASE = Pattern.compile("[a-z0-9-]+/[a-z0-9.-]+");

    /** A test class of that name, wherever it lies. */
    record TestClass(String name, String source) {
        boolean has(String method) {
            return Pattern.compile("\\b(void|Stream<DynamicTest>) " + Pattern.quote(method) + "\\(")
                    .matcher(source)
                    .find();
        }
    }

    @Test
    void everyAttackIsShownByATestThatIsThere() throws IOException {
        String page = Files.readString(PAGE);
        assertEquals(List.of(), mistakes(page, testClasses()), PAGE.toString());
        assertTrue(rows(page).size() > 100, "the tables of attacks were not found");
    }

    @Test
    void whatIsNotThereIsFound() {
        String page = """
                | binding | proves |
                |---|---|
                | any | this is no table of attacks |

                | attack | defence | where | shown by |
                |---|---|---|---|
                | good | d | w | `PaintTest.dries`, `sev-snp/zero-signature` |
                | open | d | **not defended here** | not defended here |
                | bare | d | w | no test |
                | three cells | d | w |
                | empty | d | w | |
                | no class | d | w | `GhostTest.dries` |
                | no method | d | w | `PaintTest.dri` |
                | no case | d | w | `sev-snp/nothing-of-the-kind` |
                | no name | d | w | `PaintTest` |
                | no code | d | w | PaintTest.dries |
                | words beside | d | w | `PaintTest.dries` more or less |

                | attack or accident | defence | where |
                |---|---|---|
                | old table | d | w |
                """;
        var classes = List.of(new TestClass("PaintTest", "class PaintTest { @Test void dries() {} }"));
        assertEquals(
                List.of(
                        "three cells: 3 cells, not 4",
                        "empty: names neither a test nor a case",
                        "no class: there is no GhostTest",
                        "no method: PaintTest has no dri",
                        "no case: there is no fixtures/sev-snp/nothing-of-the-kind",
                        "no name: PaintTest is neither a test nor a case",
                        "no code: names neither a test nor a case",
                        "words beside: says more than names",
                        "attack or accident: its columns are not [defence, where, shown by]",
                        "old table: 3 cells, not 4"),
                mistakes(page, classes));
    }

    private static List<String> mistakes(String page, List<TestClass> classes) {
        var mistakes = new ArrayList<String>();
        for (List<String> row : rows(page)) {
            String attack = row.getFirst();
            if (attack.startsWith("attack")) {
                if (!row.subList(1, row.size()).equals(HEADER)) {
                    mistakes.add(attack + ": its columns are not " + HEADER);
                }
            } else if (row.size() != 4) {
                mistakes.add("%s: %d cells, not 4".formatted(attack, row.size()));
            } else {
                mistaken(row.getLast(), classes).forEach(mistake -> mistakes.add("%s: %s".formatted(attack, mistake)));
            }
        }
        return mistakes;
    }

    private static List<String> mistaken(String shownBy, List<TestClass> classes) {
        if (INSTEAD.matcher(shownBy).matches()) {
            return List.of();
        }
        List<String> names =
                NAME.matcher(shownBy).results().map(name -> name.group(1)).toList();
        if (names.isEmpty()) {
            return List.of("names neither a test nor a case");
        }
        var mistakes = new ArrayList<String>();
        names.forEach(name -> absence(name, classes).forEach(mistakes::add));
        if (!NAME.matcher(shownBy).replaceAll("").matches("[ ,]*")) {
            mistakes.add("says more than names");
        }
        return mistakes;
    }

    private static List<String> absence(String name, List<TestClass> classes) {
        Matcher test = TEST.matcher(name);
        if (test.matches()) {
            var named = classes.stream()
                    .filter(each -> each.name().equals(test.group(1)))
                    .toList();
            if (named.isEmpty()) {
                return List.of("there is no " + test.group(1));
            }
            return named.stream().anyMatch(each -> each.has(test.group(2)))
                    ? List.of()
                    : List.of("%s has no %s".formatted(test.group(1), test.group(2)));
        }
        if (!CASE.matcher(name).matches()) {
            return List.of(name + " is neither a test nor a case");
        }
        Path folder = Path.of("fixtures", name);
        return Files.exists(folder.resolve("case.json")) ? List.of() : List.of("there is no " + folder);
    }

    /** The header and the rows of every table whose first column is about attacks, as their cells. */
    private static List<List<String>> rows(String page) {
        var rows = new ArrayList<List<String>>();
        boolean within = false;
        for (String line : page.lines().toList()) {
            boolean inTable = line.startsWith("|");
            within = inTable && (within || line.startsWith("| attack"));
            if (within && !line.startsWith("|---")) {
                rows.add(cells(line));
            }
        }
        return rows;
    }

    private static List<String> cells(String line) {
        String inside = line.strip().replaceAll("^\\||\\|$", "");
        return Pattern.compile("\\|").splitAsStream(inside).map(String::strip).toList();
    }

    private static List<TestClass> testClasses() throws IOException {
        var roots = new ArrayList<>(List.of(Path.of("src/test/java")));
        for (Path projects : List.of(Path.of("clients"), Path.of("examples"))) {
            if (Files.isDirectory(projects)) {
                try (Stream<Path> found = Files.list(projects)) {
                    found.map(project -> project.resolve("src/test"))
                            .filter(Files::isDirectory)
                            .forEach(roots::add);
                }
            }
        }
        var classes = new ArrayList<TestClass>();
        for (Path root : roots) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    String name = file.getFileName().toString().replace(".java", "");
                    classes.add(new TestClass(name, Files.readString(file)));
                }
            }
        }
        return classes;
    }
}
