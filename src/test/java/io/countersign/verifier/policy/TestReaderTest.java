package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.policy.PolicyTest.TokenExpectation;
import io.countersign.verifier.result.TrustTier;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that stand in policies, as they are read. */
class TestReaderTest {
    private static final String TESTS = """
            tests:
              - name: a debugged guest is refused
                case: fixture:sev-snp/milan-v5
                at: 2026-11-01
                with:
                  cpu0.debug: true
                  cpu0.snp.vmpl: 1
                  cpu0.host_data: '%s'
                  cpu0.snp.notes: [a, b]
                  cpu0.snp.made: 2026-01-02
                  cpu0.snp.current_version: 1.55.40
                without: [cpu0.snp.product]
                expect:
                  status: contraindicated
                  token: refused
                  rules: { the rule: failed, binding is one the policy accepts: passed }
            """.formatted("ab".repeat(32));

    private static PolicyReading read(String tests) {
        return Bench.PARSER.parse(Bench.policyWith("!cpu.debug", tests), PolicyParser.Library.empty());
    }

    @Test
    void everythingIsReadAsClaimsGiveIt() {
        List<PolicyTest> tests =
                Bench.accepted(Bench.policyWith("!cpu.debug", TESTS)).tests();
        assertEquals(
                List.of(new PolicyTest(
                        "a debugged guest is refused",
                        "fixture:sev-snp/milan-v5",
                        Optional.of(Instant.parse("2026-11-01T00:00:00Z")),
                        Map.of(
                                "cpu0.debug",
                                true,
                                "cpu0.snp.vmpl",
                                1L,
                                "cpu0.host_data",
                                "ab".repeat(32),
                                "cpu0.snp.notes",
                                List.of("a", "b"),
                                "cpu0.snp.made",
                                "2026-01-02T00:00:00Z",
                                "cpu0.snp.current_version",
                                "1.55.40"),
                        List.of("cpu0.snp.product"),
                        TrustTier.CONTRAINDICATED,
                        Optional.of(TokenExpectation.REFUSED),
                        Map.of("the rule", "failed", "binding is one the policy accepts", "passed"),
                        6)),
                tests);
    }

    @Test
    void outcomesAreThoseThatThereAre() {
        assertEquals(
                TestReader.OUTCOMES.stream().sorted().toList(),
                Stream.of(
                                new Outcome.Passed(""),
                                new Outcome.Failed("", "", ""),
                                new Outcome.Undetermined("", Outcome.Cause.NOT_ASKED, ""),
                                new Outcome.NotReached(Bench.FakeCheck.SIGNATURE),
                                new Outcome.Waived("", ""))
                        .map(Outcome::word)
                        .sorted()
                        .toList());
        assertEquals(Outcome.class.getPermittedSubclasses().length, TestReader.OUTCOMES.size());
    }

    @Test
    void testsChangeNoVerdictAndNoDigest() {
        assertEquals(
                Bench.accepted(Bench.policyWith("!cpu.debug")).identity(),
                Bench.accepted(Bench.policyWith("!cpu.debug", TESTS)).identity());
    }

    @Test
    void testsOfADraftAreCheckedToo() {
        assertInstanceOf(PolicyReading.Accepted.class, Bench.PARSER.parseDraft(Bench.policyWith("!cpu.debug", TESTS)));
        assertInstanceOf(
                PolicyReading.Refused.class,
                Bench.PARSER.parseDraft(Bench.policyWith("!cpu.debug", TESTS.replace("the rule", "no rule"))));
    }

    @Test
    void testsOfAnotherPolicyAreNotDrawnIn() {
        AppraisalPolicy tested = Bench.accepted(Bench.policyWith("!cpu.debug", TESTS));
        assertEquals(
                List.of(),
                Bench.accepted("policy: child\nversion: '1'\nsummary: s\nextends: [small]\n", tested)
                        .tests());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cases/a.json", "a.json", "my cases/guest 1.json", "fixture:nvidia-gpu/key-and-8-gpus"})
    void casesAreFixturesOrBelowTheFile(String name) {
        PolicyReading reading = read(TESTS.replace("fixture:sev-snp/milan-v5", name));
        assertInstanceOf(PolicyReading.Accepted.class, reading, reading.rendered());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "../a.json",
                "cases/../../a.json",
                "cases/..",
                "./a.json",
                "a//b",
                "a\\\\b",
                "C:/a",
                "fixture:a",
                "fixture:../a",
                "fixture:a/../b",
                "fixture:/a/b",
                "cases/",
                "file:///etc/passwd"
            })
    void casesAnywhereElseAreRefused(String name) {
        PolicyReading reading = read(TESTS.replace("fixture:sev-snp/milan-v5", "\"" + name + "\""));
        assertInstanceOf(PolicyReading.Refused.class, reading, name);
        assertEquals(7, reading.findings().getFirst().line());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cpu0.debug: true | cpu0.debgu: true | there is no claim \"cpu0.debgu\" | did you mean \"cpu0.debug\"?",
                "cpu0.debug: true | cpu.debug: true | \"cpu.debug\" does not begin with the label of a device | labels are cpu0, gpu0, gpu1… and nvswitch0, nvswitch1…: write cpu0.debug",
                "cpu0.debug: true | cpu1.debug: true | \"cpu1.debug\" does not begin with the label of a device | labels are cpu0, gpu0, gpu1… and nvswitch0, nvswitch1…: write cpu0.debug",
                "cpu0.debug: true | gpu07.debug: true | \"gpu07.debug\" does not begin with the label of a device | labels are cpu0, gpu0, gpu1… and nvswitch0, nvswitch1…: write cpu0.debug",
                "cpu0.debug: true | cpu0.debug: yes | cpu0.debug is true or false, and this is a text | write true or false, without quotes: YAML 1.2 has no other words for them",
                "cpu0.snp.vmpl: 1 | cpu0.snp.vmpl: '1' | cpu0.snp.vmpl is a whole number from 0 to 2^53 - 1, and this is a text | write it without quotes",
                "cpu0.snp.notes: [a, b] | cpu0.snp.notes: a | cpu0.snp.notes is a list, and this is a text | write it as [a, b]",
                "cpu0.snp.made: 2026-01-02 | cpu0.snp.made: today | cpu0.snp.made is a time in UTC | write it as 2027-06-01T00:00:00Z, or 2027-06-01 for that midnight",
                "version: 1.55.40 | version: 1.55 | cpu0.snp.current_version is text, and YAML reads this as a number | write it in quotes: '1.55'",
                "version: 1.55.40 | version: '1.55' | \"1.55\" is not a version | write three numbers, in quotes: '1.55.40'",
                "without: [cpu0.snp.product] | without: [cpu0.debug] | the test both changes cpu0.debug and takes it away | keep it in with or in without",
                "status: contraindicated | status: refused | status cannot be \"refused\" | what there is: affirming, warning, none, contraindicated",
                "token: refused | token: none | token cannot be \"none\" | what there is: allowed, refused",
                "the rule: failed | the rle: failed | the policy has no rule \"the rle\" | did you mean \"the rule\"?",
                "the rule: failed | the rule: faild | the outcome of a rule cannot be \"faild\" | did you mean \"failed\"?",
                "at: 2026-11-01 | at: 2014-11-01 | at is a time from 2015 to 2100 | ''",
                "at: 2026-11-01 | at: 2026-11-01T00:00:00+02:00 | at is a time in UTC | write it as 2027-06-01T00:00:00Z, or 2027-06-01 for that midnight",
                "case: fixture:sev-snp/milan-v5 | # nothing | a test needs the member \"case\" | ''",
            })
    void mistakesInTestsAreTold(String from, String to, String message, String suggestion) {
        assertTrue(TESTS.contains(from), from);
        PolicyReading reading = read(TESTS.replaceFirst(Pattern.quote(from), to));
        assertInstanceOf(PolicyReading.Refused.class, reading, to);
        PolicyIssue issue = reading.findings().getFirst();
        assertEquals(message, issue.message(), reading.rendered());
        assertEquals(suggestion, issue.suggestion());
    }

    @Test
    void aMisspeltClaimIsShownWhereItStands() {
        PolicyIssue issue =
                read(TESTS.replace("cpu0.debug", "cpu0.debgu")).findings().getFirst();
        assertEquals("      cpu0.debgu: true", issue.sourceLine());
        assertEquals(7, issue.column());
    }

    @Test
    void namesAreGivenOnceAndTestsAreFew() {
        assertEquals(
                "two tests are named \"a debugged guest is refused\"",
                read(TESTS + TESTS.replace("tests:\n", ""))
                        .findings()
                        .getFirst()
                        .message());
        var many = new StringBuilder("tests:\n");
        for (int i = 0; i <= 100; i++) {
            many.append("  - { name: t%d, case: a, expect: { status: none } }\n".formatted(i));
        }
        assertEquals(
                List.of("a policy has at most 100 tests"),
                read(many.toString()).findings().stream()
                        .map(PolicyIssue::message)
                        .toList());
    }

    @Test
    void anErrorAboutATestStandsAtItsName() {
        PolicyReading reading =
                Bench.PARSER.parse("gateway.yaml", Bench.policyWith("!cpu.debug", TESTS), PolicyParser.Library.empty());
        AppraisalPolicy policy = ((PolicyReading.Accepted) reading).policy();
        PolicyIssue issue = policy.errorAt(policy.tests().getFirst().line(), "it failed", "");
        assertEquals("""
                gateway.yaml:6:5: error: it failed
                    6 |   - name: a debugged guest is refused
                      |     ^""", issue.rendered());
    }
}
