package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.fixtures.Core;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a person is told of each of the mistakes in {@code golden/policy-mistakes}; run with {@code -Dgolden} it writes it down. */
class PolicyMessagesTest {
    private static final Path MISTAKES = Path.of("src/test/resources/golden/policy-mistakes");
    private static final Path MESSAGES = Path.of("src/test/resources/golden/policy-messages.txt");

    /** Only the author knows what was meant. */
    private static final List<String> NOTHING_TO_SUGGEST =
            List.of("needs the member", "a value of zeros", "is 48 bytes; this one is 49");

    /** One file with one mistake, or a few. */
    record Mistake(String name, String source) {
        PolicyReading.Refused reading() {
            var library = PolicyParser.Library.of(List.of(Core.baseline()));
            return assertInstanceOf(PolicyReading.Refused.class, Core.POLICIES.parse(source, library), name);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Mistake> mistakes() throws IOException {
        try (var files = Files.list(MISTAKES)) {
            var mistakes = new ArrayList<Mistake>();
            for (Path file : files.sorted().toList()) {
                mistakes.add(mistake(file.getFileName().toString().replace(".yaml", "")));
            }
            return mistakes;
        }
    }

    private static Mistake mistake(String name) throws IOException {
        return new Mistake(name, Files.readString(MISTAKES.resolve(name + ".yaml")));
    }

    @Test
    void messagesAreThoseWrittenDown() throws IOException {
        String told = mistakes().stream()
                .map(mistake -> "== %s\n%s\n%s\n"
                        .formatted(
                                mistake.name(),
                                mistake.source().lines().findFirst().orElse(""),
                                mistake.reading().issues().stream()
                                        .map(PolicyIssue::rendered)
                                        .collect(Collectors.joining("\n"))))
                .collect(Collectors.joining("\n"));
        if (System.getProperty("golden") != null) {
            Files.writeString(MESSAGES, told);
        }
        assertEquals(
                Files.readString(MESSAGES),
                told,
                "messages changed: run mvn test -Dtest=PolicyMessagesTest -Dgolden, and read the difference");
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void everyMistakeHasAPlaceAndAWayOut(Mistake mistake) {
        List<String> lines = mistake.source().lines().toList();
        for (PolicyIssue issue : mistake.reading().issues()) {
            // What is missing at the end is missed on the line behind the last.
            String line = issue.line() > lines.size() ? "" : lines.get(issue.line() - 1);
            assertEquals(line, issue.sourceLine());
            assertTrue(issue.line() >= 1 && issue.line() <= lines.size() + 1, issue.rendered());
            assertTrue(issue.column() >= 1 && issue.column() <= line.length() + 1, issue.rendered());
            assertFalse(issue.message().isBlank());
            assertFalse(issue.message().contains("Exception"), issue.rendered());
            assertTrue(
                    !issue.suggestion().isEmpty() || NOTHING_TO_SUGGEST.stream().anyMatch(issue.message()::contains),
                    issue.rendered());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "member-misspelt | becuase",
                "cel-single-equals | = 0",
                "cel-single-ampersand | & !cpu",
                "cel-word-and | and !cpu",
                "cel-unclosed-literal | \"Milan",
                "claim-misspelt | cpu.debugg",
                "claim-camel-case | cpu.snp.reportedTcb",
                "claim-without-class | debug",
                "claim-root-misspelt | cpi.debug",
                "set-misspelt | references.image",
                "function-misspelt | startwith",
                "function-len | len(",
                "function-has | has(",
                "hex-upper-case | \"5F5F",
                "hex-in-a-list | \"00000000000B0000\"",
                "hex-claims-of-two-lengths | cpu.snp.host_data",
                "hex-matches-without-anchors | \"ab\"",
                "word-capital | \"On\"",
                "word-of-no-product | \"Rome\"",
                "word-in-a-list | \"SWHardeningNeded\"",
                "doubled-in-a-list | \"Milan\"]",
                "itself | cpu.snp.measurement'",
                "never-range | cpu.snp.vmpl < 2",
                "never-flag | cpu.debug'",
                "never-two-products | cpu.snp.product == \"Genoa\"",
                "never-two-sets | cpu.launch_measurement in references.b",
                "never-in-any-branch | cpu.snp.vmpl < 3",
                "never-version | version_at_least(cpu.snp.current_version, \"1.55.9\")",
                "never-folded | cpu.snp.vmpl == 1",
                "never-false | false",
                "always-number | cpu.snp.vmpl >= 0",
                "rules-exclude-each-other | under a paravisor",
                "rule-excludes-one-drawn-in | the rule",
                "reference-word | Genua",
                "reference-unknown-claim | launch_measurment",
                "replaces-nothing | guest cannot be debuged",
                "sets-unknown | executable",
                "type-number-as-text | == \"0\"",
            })
    void caretStandsBelowTheMistake(String name, String marked) throws IOException {
        Mistake mistake = mistake(name);
        List<String> lines = mistake.source().lines().toList();
        assertTrue(
                mistake.reading().issues().stream().anyMatch(issue -> lines.get(issue.line() - 1)
                        .substring(issue.column() - 1)
                        .startsWith(marked)),
                () -> mistake.reading().rendered());
    }
}
