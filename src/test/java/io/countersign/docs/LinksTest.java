package io.countersign.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Relative links of every Markdown page lead to a file that is there, and to a heading that is in it. */
class LinksTest {
    /** {@code [text](target)}, not inside code: RFC 3986 targets hold no white space. */
    private static final Pattern LINK = Pattern.compile("\\[[^\\]\\[]*\\]\\(([^()\\s]+)(?:\\s+\"[^\"]*\")?\\)");

    private static final Pattern CODE = Pattern.compile("(?s)```.*?```|`[^`\\n]*`");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.*?) *$");

    static List<Path> pages() throws IOException {
        var pages = new ArrayList<Path>();
        for (Path folder : List.of(Path.of("docs"), Path.of("fixtures"), Path.of("bench"), Path.of("helm"))) {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> found = Files.walk(folder)) {
                    found.filter(LinksTest::isMarkdown).forEach(pages::add);
                }
            }
        }
        try (Stream<Path> found = Files.list(Path.of(""))) {
            found.filter(LinksTest::isMarkdown).forEach(pages::add);
        }
        return pages.stream().sorted().toList();
    }

    private static boolean isMarkdown(Path path) {
        return path.toString().endsWith(".md");
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkLeadsSomewhere(Path page) throws IOException {
        assertEquals(List.of(), deadLinks(page, Files.readString(page)), page.toString());
    }

    @Test
    void deadLinksAreFound() throws IOException {
        var page = Path.of("docs/architecture.md");
        assertEquals(List.of("nowhere.md"), deadLinks(page, "See [this](nowhere.md) and [that](threat-model.md)."));
        assertEquals(List.of("../README.md#nothing"), deadLinks(page, "[a](../README.md#nothing)"));
        assertEquals(
                List.of(), deadLinks(page, "[a](../README.md#run-it), [b](https://example.org/), `[c](nowhere.md)`"));
        assertTrue(pages().size() > 30);
    }

    private static List<String> deadLinks(Path page, String text) throws IOException {
        var dead = new ArrayList<String>();
        for (String target : LINK.matcher(CODE.matcher(text).replaceAll(""))
                .results()
                .map(link -> link.group(1))
                .toList()) {
            if (!target.matches("[a-z]+:.*") && !leadsSomewhere(page, text, target)) {
                dead.add(target);
            }
        }
        return dead;
    }

    private static boolean leadsSomewhere(Path page, String text, String target) throws IOException {
        int hash = target.indexOf('#');
        String file = hash < 0 ? target : target.substring(0, hash);
        Path path = file.isEmpty() ? page : page.resolveSibling(file).normalize();
        if (!Files.exists(path)) {
            return false;
        }
        if (hash < 0) {
            return true;
        }
        String there = file.isEmpty() ? text : Files.readString(path);
        return anchors(there).contains(target.substring(hash + 1));
    }

    /** As forges make them: lower case, punctuation dropped, blanks as hyphens. */
    private static List<String> anchors(String text) {
        return HEADING.matcher(CODE.matcher(text).replaceAll(match -> keptWords(match)))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(java.util.Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    private static String keptWords(MatchResult code) {
        return code.group().startsWith("```")
                ? ""
                : java.util.regex.Matcher.quoteReplacement(code.group().replace("`", ""));
    }
}
