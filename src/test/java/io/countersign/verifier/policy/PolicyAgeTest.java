package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.result.AttestationResult.Workload;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Values that end, one by one or as a set, and what is said before and after. */
class PolicyAgeTest {
    private static final String REQUIRE = "cpu.launch_measurement in references.images";
    private static final String SET = """
            references:
              images:
                claim: launch_measurement
                note: n
                expires: 2027-06-01
                values:
                  - '%s'
                  - value: '%s'
                    note: the release before
                    expires: 2026-12-10T00:00:00Z
            """.formatted(Bench.OTHER_MEASUREMENT, Bench.MEASUREMENT);

    private static AppraisalPolicy policy() {
        return ((PolicyReading.Accepted) Bench.PARSER.parse(
                        "gateway.yaml", Bench.policyWith(REQUIRE, SET), PolicyParser.Library.empty()))
                .policy();
    }

    private static List<String> messages(AppraisalPolicy policy, String at) {
        return policy.findings(Instant.parse(at)).stream()
                .map(PolicyIssue::message)
                .toList();
    }

    @Test
    void oneValueEndsBeforeTheOthers() {
        ReferenceSet set = Bench.at(policy().references(), "images");
        assertEquals(
                List.of(Bench.OTHER_MEASUREMENT, Bench.MEASUREMENT),
                set.valuesAt(Instant.parse("2026-12-09T23:59:59Z")));
        assertEquals(List.of(Bench.OTHER_MEASUREMENT), set.valuesAt(Instant.parse("2026-12-10T00:00:00Z")));
        assertEquals(List.of(), set.valuesAt(Instant.parse("2027-06-01T00:00:00Z")));
        assertEquals("the release before", set.entries().getLast().note());
    }

    @Test
    void aDeniedValueThatEndsLeavesARuleThatCanBeTrue() {
        String sets = SET + """
                  ended:
                    claim: launch_measurement
                    note: n
                    values:
                      - '%s'
                      - { value: '%s', expires: 2026-12-10T00:00:00Z }
                """.formatted("07".repeat(48), Bench.MEASUREMENT);
        String only = "cpu.launch_measurement == \"" + Bench.MEASUREMENT + "\"";
        AppraisalPolicy denying =
                Bench.accepted(Bench.policyWith(only + " && !(cpu.launch_measurement in references.ended)", sets));
        assertInstanceOf(
                Outcome.Failed.class, Bench.ruleOutcome(Bench.appraise(denying, Bench.milanMachine()), "the rule"));
        AppraisalPolicy later = Bench.accepted(Bench.policyWith(
                only + " && !(cpu.launch_measurement in references.ended)",
                sets.replace("2026-12-10T00:00:00Z", "2026-11-23T12:00:00Z")));
        assertInstanceOf(
                Outcome.Passed.class, Bench.ruleOutcome(Bench.appraise(later, Bench.milanMachine()), "the rule"));
        assertInstanceOf(
                PolicyReading.Refused.class,
                Bench.PARSER.parse(
                        Bench.policyWith(
                                only + " && !(cpu.launch_measurement in references.ended)",
                                sets.replace(", expires: 2026-12-10T00:00:00Z", "")),
                        PolicyParser.Library.empty()));
    }

    @Test
    void aRuleSaysHowManyValuesCountAndSinceWhenNoneDoes() {
        String ended = SET.replace("2026-12-10T00:00:00Z", "2026-11-23T11:00:00Z");
        var failed = assertInstanceOf(
                Outcome.Failed.class,
                Bench.ruleOutcome(
                        Bench.appraise(Bench.accepted(Bench.policyWith(REQUIRE, ended)), Bench.milanMachine()),
                        "the rule"));
        assertTrue(failed.expected().startsWith("cpu.launch_measurement is the live value of "), failed.expected());
        var open = assertInstanceOf(
                Outcome.Undetermined.class,
                Bench.ruleOutcome(
                        Bench.appraise(
                                Bench.accepted(Bench.policyWith(
                                        REQUIRE, ended.replace("      - '" + Bench.OTHER_MEASUREMENT + "'\n", ""))),
                                Bench.milanMachine()),
                        "the rule"));
        assertTrue(open.missing().contains("references.images, which expired at 2026-11-23T11:00:00Z"), open.missing());
    }

    @Test
    void aRuleIsNotMetByAValueThatEnded() {
        AttestationResult now = Bench.appraise(policy(), Bench.milanMachine());
        assertInstanceOf(Outcome.Passed.class, Bench.ruleOutcome(now, "the rule"));
        AppraisalPolicy ended =
                Bench.accepted(Bench.policyWith(REQUIRE, SET.replace("2026-12-10T00:00:00Z", "2026-11-23T12:00:00Z")));
        assertInstanceOf(
                Outcome.Failed.class, Bench.ruleOutcome(Bench.appraise(ended, Bench.milanMachine()), "the rule"));
    }

    @Test
    void nothingMadeFromAVerdictOutlivesTheFirstValueThatEnds() {
        assertEquals(
                Optional.of(Instant.parse("2026-12-10T00:00:00Z")),
                Bench.appraise(policy(), Bench.milanMachine()).referencesUntil());
    }

    @Test
    void aValueThatEndedLongAgoShortensNothing() {
        AppraisalPolicy policy = Bench.accepted(Bench.policyWith(REQUIRE, SET.replace("2026-12-10T", "2026-01-10T")));
        assertEquals(
                Optional.of(Instant.parse("2027-06-01T00:00:00Z")),
                Bench.appraise(policy, Bench.milanMachine()).referencesUntil());
    }

    @Test
    void aSetWhoseValuesAllEndedPinsNothing() {
        String all =
                SET.replace("      - '" + Bench.OTHER_MEASUREMENT + "'\n", "").replace("    expires: 2027-06-01\n", "");
        AppraisalPolicy policy = Bench.accepted(Bench.policyWith(REQUIRE, all));
        assertInstanceOf(Workload.Pinned.class, policy.workload(Instant.parse("2026-12-09T00:00:00Z")));
        assertInstanceOf(Workload.NotPinned.class, policy.workload(Instant.parse("2026-12-10T00:00:00Z")));
        assertEquals(
                List.of("the value 5f5f5f5f5f5f… of the reference values \"images\" expired 2 days ago, at"
                        + " 2026-12-10T00:00:00Z; rules that read them are undetermined: \"the rule\""),
                messages(policy, "2026-12-12T12:00:00Z"));
    }

    @Test
    void anEndIsToldThirtyDaysBeforeAndAfterwards() {
        AppraisalPolicy policy = policy();
        assertEquals(List.of(), messages(policy, "2026-11-01T00:00:00Z"));
        assertEquals(
                List.of("the value 5f5f5f5f5f5f… of the reference values \"images\" expires in 1 day, at"
                        + " 2026-12-10T00:00:00Z"),
                messages(policy, "2026-12-08T12:00:00Z"));
        assertEquals(
                List.of("the value 5f5f5f5f5f5f… of the reference values \"images\" expired 3 hours ago, at"
                        + " 2026-12-10T00:00:00Z"),
                messages(policy, "2026-12-10T03:00:00Z"));
        assertEquals(
                List.of(
                        "the reference values \"images\" expire in 30 days, at 2027-06-01T00:00:00Z",
                        "the value 5f5f5f5f5f5f… of the reference values \"images\" expired 143 days ago, at"
                                + " 2026-12-10T00:00:00Z"),
                messages(policy, "2027-05-02T00:00:00Z"));
        assertEquals(
                List.of("the reference values \"images\" expired 3 days ago, at 2027-06-01T00:00:00Z; rules that read"
                        + " them are undetermined: \"the rule\""),
                messages(policy, "2027-06-04T00:00:00Z"));
    }

    @Test
    void findingsStandWhereTheEndIsWritten() {
        PolicyIssue issue =
                policy().findings(Instant.parse("2027-06-04T00:00:00Z")).getFirst();
        assertEquals("gateway.yaml", issue.file());
        assertEquals("    expires: 2027-06-01", issue.sourceLine());
        assertEquals(14, issue.column());
        assertEquals(PolicyIssue.Severity.WARNING, issue.severity());
    }

    @Test
    void floorsThatNobodyReviewedForHalfAYearAreToldInTheirOwnFile() {
        String values = """
                values: floors
                version: '1'
                summary: s
                reviewed: 2026-11-01
                floors:
                  fix: { bulletin: AMD-SB-3019, for: sev-snp, rows: [{ match: {}, at-least: { snp: 24 } }] }
                """;
        var readings = Bench.PARSER.parseAll(Map.of(
                "floors.yaml",
                values,
                "small.yaml",
                Bench.policyWith("cpu.snp.reported_tcb.snp >= floors.fix.snp", "values-from: [floors]")));
        AppraisalPolicy policy = ((PolicyReading.Accepted) Bench.at(readings, "small.yaml")).policy();
        assertEquals(List.of(), messages(policy, "2027-04-30T00:00:00Z"));
        PolicyIssue issue =
                policy.findings(Instant.parse("2027-05-01T00:00:00Z")).getFirst();
        assertEquals("the floors \"fix\" were reviewed 181 days ago, on 2026-11-01", issue.message());
        assertEquals("floors.yaml", issue.file());
        assertEquals(4, issue.line());
        assertTrue(issue.suggestion().contains("AMD-SB-3019"));
    }

    @Test
    void nothingIsSaidOfASetThatNoRuleReads() {
        AppraisalPolicy policy = Bench.accepted(Bench.policyWith("!cpu.debug", SET));
        assertEquals(List.of(), messages(policy, "2030-01-01T00:00:00Z"));
    }

    @Test
    void placesAreNoPartOfWhatASetSays() {
        AppraisalPolicy moved = Bench.accepted("# a line more\n" + Bench.policyWith(REQUIRE, SET));
        assertEquals(policy().references(), moved.references());
        assertEquals(policy().identity(), moved.identity());
    }
}
