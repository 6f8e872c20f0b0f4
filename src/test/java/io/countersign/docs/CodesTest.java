package io.countersign.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.fixtures.CheckCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Codes are for ever. The lists in {@code src/test/resources/golden} only grow: {@code -Dgolden} appends what is new and
 * takes nothing away. A code that is no longer given out keeps its line, with the word {@code retired} after it.
 */
class CodesTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final Path PAGES = Path.of("docs/problems");
    private static final Pattern EXAMPLE = Pattern.compile(
            "(?s)Content-Type: application/problem\\+json\\n(?:[A-Za-z-]+: [^\\n]*\\n)*\\n(\\{.*?\\n\\})");
    private static final String RETIRED = " retired";

    /** What stands in a list, and what the code declares. */
    record Listed(String file, List<String> declared) {
        @Override
        public String toString() {
            return file;
        }
    }

    static List<Listed> lists() {
        return List.of(
                new Listed(
                        "check-codes.txt",
                        CheckCatalogue.all().stream().map(CheckId::code).toList()),
                new Listed(
                        "problem-codes.txt",
                        Stream.of(ProblemCode.values()).map(ProblemCode::code).toList()));
    }

    @ParameterizedTest
    @MethodSource("lists")
    void everyCodeIsListedAndNoListedCodeIsGone(Listed list) throws IOException {
        Path file = GOLDEN.resolve(list.file());
        if (System.getProperty("golden") != null) {
            append(file, list.declared());
        }
        List<String> lines = Files.readAllLines(file);
        Set<String> retired = lines.stream()
                .filter(line -> line.endsWith(RETIRED))
                .map(line -> line.substring(0, line.length() - RETIRED.length()))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> living =
                lines.stream().filter(line -> !line.endsWith(RETIRED)).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(lines.size(), retired.size() + living.size(), "a code stands twice in " + file);
        assertEquals(
                living,
                new TreeSet<>(list.declared()),
                "a code was renamed or removed, which breaks clients, or is new: then run mvn test -Dtest=CodesTest -Dgolden");
        retired.forEach(code -> assertFalse(list.declared().contains(code), code + " was retired and is never reused"));
    }

    private static void append(Path file, List<String> declared) throws IOException {
        Files.createDirectories(GOLDEN);
        List<String> known = Files.exists(file) ? Files.readAllLines(file) : List.of();
        List<String> added = declared.stream()
                .filter(code -> !known.contains(code) && !known.contains(code + RETIRED))
                .toList();
        Files.write(file, added, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @ParameterizedTest
    @EnumSource(ProblemCode.class)
    void problemHasAPageThatSaysItsStatus(ProblemCode problem) throws IOException {
        assertTrue(problem.code().matches("[a-z]+(-[a-z]+)*"), problem.code());
        assertFalse(problem.title().isBlank());
        assertEquals("/" + PAGES + "/" + problem.code() + ".md", problem.type());
        String page = Files.readString(PAGES.resolve(problem.code() + ".md"));
        String retryable = problem.retry() == ProblemCode.Retry.LATER ? "yes" : "no";
        assertEquals(
                List.of(
                        "# " + problem.title(),
                        "",
                        "`%s` · status %d · retryable: %s".formatted(problem.code(), problem.status(), retryable)),
                page.lines().limit(3).toList());
    }

    /** The members that are the same in every answer with this code. */
    @ParameterizedTest
    @EnumSource(ProblemCode.class)
    void exampleOnThePageIsWhatTheServiceSends(ProblemCode problem) throws IOException {
        String page = Files.readString(PAGES.resolve(problem.code() + ".md"));
        var example = EXAMPLE.matcher(page);
        assertTrue(example.find(), "no example on the page of " + problem.code());
        var sent = new ObjectMapper().readTree(example.group(1));
        assertEquals(problem.type(), sent.path("type").textValue());
        assertEquals(problem.title(), sent.path("title").textValue());
        assertEquals(problem.status(), sent.path("status").intValue());
        assertEquals(problem.code(), sent.path("code").textValue());
        assertEquals(
                problem.retry() == ProblemCode.Retry.LATER,
                sent.path("retryable").booleanValue());
        assertFalse(sent.path("detail").textValue().isBlank());
    }

    @Test
    void everyPageIsAboutAProblemThatExists() throws IOException {
        var codes = Stream.of(ProblemCode.values()).map(ProblemCode::code).collect(Collectors.toSet());
        var pages = new HashSet<String>();
        try (Stream<Path> files = Files.list(PAGES)) {
            files.forEach(file -> pages.add(file.getFileName().toString().replaceAll("\\.md$", "")));
        }
        assertEquals(codes, pages);
    }
}
