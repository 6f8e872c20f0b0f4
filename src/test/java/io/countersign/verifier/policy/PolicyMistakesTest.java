package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people are told about the mistakes that they make most. */
class PolicyMistakesTest {
    private static PolicyReading read(String source) {
        return Bench.PARSER.parse("gateway.yaml", source, PolicyParser.Library.empty());
    }

    private static PolicyIssue first(String source) {
        PolicyReading reading = read(source);
        assertInstanceOf(PolicyReading.Refused.class, reading, source);
        return reading.findings().getFirst();
    }

    private static PolicyIssue unquoted(String require) {
        return first(Bench.policyWith("PLACE").replace("'PLACE'", require));
    }

    @Test
    void findingsReadAsThoseOfCompilers() {
        assertEquals("""
                gateway.yaml:9:14: error: there is no claim cpu.snp.vmlp for sev-snp
                    9 |     require: cpu.snp.vmlp == 0
                      |              ^
                      = did you mean "cpu.snp.vmpl"?""", unquoted("cpu.snp.vmlp == 0").rendered());
    }

    @Test
    void aDraftHasNoFileToName() {
        String rendered =
                Bench.PARSER.parseDraft(Bench.policyWith("cpu.snp.vmlp == 0")).rendered();
        assertTrue(rendered.startsWith("line 9, column 15: error: there is no claim"), rendered);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "!cpu.debug",
                "!cpu.debug && cpu.snp.vmpl == 0",
                "!cpu.debug || cpu.migratable",
                "!(cpu.debug)",
                "!cpu.debug == false",
                "!cpu.debug ? true : false"
            })
    void anUnquotedNegationSaysWhatToDo(String require) {
        PolicyIssue issue = unquoted(require);
        assertEquals("YAML reads ! at the beginning of a value as a tag, which policies do not use", issue.message());
        assertEquals("put an expression in quotes as a whole: require: '!cpu.debug'", issue.suggestion());
        assertEquals("9:14", issue.line() + ":" + issue.column());
    }

    @Test
    void aTabSaysWhatToDo() {
        PolicyIssue issue = first(Bench.policyWith("!cpu.debug").replace("    for: sev", "\tfor: sev"));
        assertEquals("a tab indents this line, and YAML wants spaces", issue.message());
        assertEquals("replace the tab by spaces", issue.suggestion());
        assertEquals("8:1", issue.line() + ":" + issue.column());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "version: \"1\" | version: 1.10 | version is text, and YAML reads this as a number | write it in quotes: '1.10'",
                "version: \"1\" | version: true | version is text, and YAML reads this as true or false | write it in quotes: 'true'",
                "version: \"1\" | version: | version is text, and YAML reads this as nothing | ''",
                "version: \"1\" | version: [\"1\"] | version is one text, and this is a list | ''",
                "summary: One rule. | summary: { a: b } | summary is one text, and this is a mapping | ''",
                "expect: { cpu: { types: [sev-snp] } } | expect: [cpu] | expect is a mapping of members, and this is a list | write it as { member: value }, or one member a line, indented",
                "types: [sev-snp] | types: sev-snp | types is a list of texts, and this is a text | write it as [a, b], or one entry a line with -",
                "version: \"1\" | version: \"1\"\\nrules: [] | rules is empty | add a rule, or remove the member to judge by what is drawn in",
            })
    void aValueOfAnotherTypeIsNamed(String from, String to, String message, String suggestion) {
        String source = Bench.policyWith("!cpu.debug").replace(from, to.replace("\\n", "\n"));
        List<PolicyIssue> issues = read(source).findings();
        PolicyIssue issue = issues.stream()
                .filter(each -> each.message().equals(message))
                .findFirst()
                .orElseThrow(() -> new AssertionError(read(source).rendered()));
        assertEquals(suggestion, issue.suggestion());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DIGITS | each entry of values is text, and YAML reads this as a number | write it in quotes: 'DIGITS'",
                "\"0xDIGITS\" | a value of launch_measurement is lowercase hex without 0x | write it in lowercase and without 0x: otherwise it never equals the claim",
                "0xDIGITS | each entry of values is text, and YAML reads this as a number | write it in quotes and without 0x: 'DIGITS'",
                "abab | a value of launch_measurement is 32 or 48 bytes; this one is 2 | ''",
                "{ value: abab } | a value of launch_measurement is 32 or 48 bytes; this one is 2 | ''",
                "{ valu: abab } | a value of \"a\" has no member \"valu\" | did you mean \"value\"?",
                "{ value: 'DIGITS', expires: soon } | expires is a time in UTC | write it as 2027-06-01T00:00:00Z, or 2027-06-01 for that midnight",
                "{ value: 'DIGITS', expires: 2027-02-30 } | expires is a time in UTC | write it as 2027-06-01T00:00:00Z, or 2027-06-01 for that midnight",
                "[a] | each entry of values is one text, and this is a list | ''",
            })
    void aReferenceValueThatNoClaimCanHaveSaysWhatToDo(String value, String message, String suggestion) {
        String digits = "12".repeat(48);
        String source = Bench.policyWith(
                "cpu.launch_measurement in references.a",
                "references: { a: { claim: launch_measurement, note: n, values: [" + value.replace("DIGITS", digits)
                        + "] } }");
        PolicyIssue issue = read(source).findings().stream()
                .filter(each -> each.message().equals(message))
                .findFirst()
                .orElseThrow(() -> new AssertionError(read(source).rendered()));
        assertEquals(suggestion.replace("DIGITS", digits), issue.suggestion());
    }

    @Test
    void referenceValuesThatNoRuleReadsAreSaidAloud() {
        PolicyReading reading =
                read(Bench.policyWith("!cpu.debug", "references: { a: { claim: snp.product, note: n, values: [x] } }"));
        assertInstanceOf(PolicyReading.Accepted.class, reading);
        assertEquals(
                List.of("no rule reads the reference values \"a\""),
                reading.findings().stream().map(PolicyIssue::message).toList());
    }

    @Test
    void mistakesAreToldInTheOrderOfTheText() {
        PolicyReading reading = read(Bench.policyWith(
                        "cpu.debgu",
                        "values-from: [nowhere]\nfloors: { f: 1 }\ntests: [{ name: t }]\nadvisories: [{ name: a }]")
                .replace("version:", "versoin:"));
        List<Integer> lines = reading.findings().stream().map(PolicyIssue::line).toList();
        assertEquals(lines.stream().sorted().toList(), lines);
        assertEquals(List.of(1, 2, 5, 6, 7, 8, 12), lines.stream().distinct().toList(), reading.rendered());
    }

    @Test
    void controlCharactersOfAHostilePolicyReachNoTerminal() {
        String rendered = read("policy: \"\\e[2J\"\nversion: \"\\e[31m\"\n\u001b]0;x: y\n")
                .rendered();
        assertFalse(rendered.contains("\u001b"), rendered.replace('\u001b', '?'));
        String claim = read(Bench.policyWith("!cpu.debug").replace("types: [sev-snp]", "types: [\"\\e[2J\"]"))
                .rendered();
        assertFalse(claim.contains("\u001b"), claim.replace('\u001b', '?'));
    }
}
