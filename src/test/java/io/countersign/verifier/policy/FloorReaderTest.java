package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.check.Outcome;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables of floors in policies, and rules that read them. */
class FloorReaderTest {
    private static final String RULE = "cpu.snp.reported_tcb.snp >= floors.fix.snp";
    private static final String FLOORS = """
            floors:
              fix:
                bulletin: AMD-SB-3019
                reviewed: 2026-11-01
                note: n
                for: sev-snp
                rows:
                  - match: { snp.product: Milan, snp.vmpl: 0 }
                    at-least: { snp: 24 }
                  - match: { snp.product: Genoa }
                    at-least: { snp: 23 }
            """;

    private static Outcome outcome(AppraisalPolicy policy, Bench.Machine machine) {
        return Bench.ruleOutcome(Bench.appraise(policy, machine), "the rule");
    }

    private static PolicyReading read(String require, String floors) {
        return Bench.PARSER.parse(Bench.policyWith(require, floors), PolicyParser.Library.empty());
    }

    @Test
    void theFirstRowThatMatchesSaysTheLeast() {
        AppraisalPolicy policy = Bench.accepted(Bench.policyWith(RULE, FLOORS));
        Bench.Machine milan = Bench.milanMachine();
        assertInstanceOf(Outcome.Passed.class, outcome(policy, milan));
        assertInstanceOf(Outcome.Failed.class, outcome(policy, milan.with("snp.reported_tcb.snp", 23L)));
        assertInstanceOf(
                Outcome.Passed.class,
                outcome(policy, milan.with("snp.product", "Genoa").with("snp.reported_tcb.snp", 23L)));
    }

    @Test
    void aPlatformThatNoRowKnowsIsUndetermined() {
        AppraisalPolicy policy = Bench.accepted(Bench.policyWith(RULE, FLOORS));
        assertInstanceOf(
                Outcome.Undetermined.class, outcome(policy, Bench.milanMachine().with("snp.product", "Venice")));
        assertInstanceOf(
                Outcome.Undetermined.class, outcome(policy, Bench.milanMachine().without("snp.product")));
    }

    @Test
    void floorsMayBeVersions() {
        AppraisalPolicy policy = Bench.accepted(Bench.policyWith(
                "version_at_least(cpu.snp.current_version, floors.fix.snp)",
                FLOORS.replace("snp: 24 }", "snp: 1.55.29 }").replace("snp: 23 }", "snp: '1.55.30' }")));
        assertInstanceOf(Outcome.Passed.class, outcome(policy, Bench.milanMachine()));
        assertInstanceOf(
                Outcome.Failed.class, outcome(policy, Bench.milanMachine().with("snp.current_version", "1.55.9")));
    }

    @Test
    void tablesAreKnownWithAllThatTheySay() {
        FloorTable table =
                Bench.at(Bench.accepted(Bench.policyWith(RULE, FLOORS)).floors(), "fix");
        assertEquals(LocalDate.parse("2026-11-01"), table.reviewed());
        assertEquals("AMD-SB-3019", table.bulletin());
        assertEquals(
                List.of(
                        new FloorTable.Row(Map.of("snp.product", "Milan", "snp.vmpl", 0L), Map.of("snp", 24L)),
                        new FloorTable.Row(Map.of("snp.product", "Genoa"), Map.of("snp", 23L))),
                table.rows());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bulletin: AMD-SB-3019 | bulletn: x | floors \"fix\" has no member \"bulletn\"",
                "bulletin: AMD-SB-3019 | owner: x | floors \"fix\" needs the member \"bulletin\"",
                "reviewed: 2026-11-01 | reviewed: 2026-13-01 | reviewed is a date",
                "reviewed: 2026-11-01 | reviewed: last week | reviewed is a date",
                "reviewed: 2026-11-01 | # nothing | nobody says when the floors \"fix\" were compared with their bulletin",
                "for: sev-snp | for: sev-spn | no evidence of type \"sev-spn\" is known here",
                "snp.product: Genoa | snp.prodct: Genoa | there is no claim \"snp.prodct\" for sev-snp",
                "snp.product: Genoa | tdx.mr_td: Genoa | there is no claim \"tdx.mr_td\" for sev-snp",
                "snp.product: Genoa | snp.vmpl: Genoa | snp.vmpl is a whole number from 0 to 2^53 - 1, and this is a text",
                "snp.product: Genoa | snp.vmpl: '1' | snp.vmpl is a whole number from 0 to 2^53 - 1, and this is a text",
                "snp.product: Genoa | snp.vmpl: 0x1 | snp.vmpl is a whole number from 0 to 2^53 - 1",
                "snp.product: Genoa | debug: no | debug is true or false, and this is a text",
                "snp.product: Genoa | snp.product: 1.10 | snp.product is text, and YAML reads this as a number",
                "snp.product: Genoa | host_data: 0xab | host_data is text, and YAML reads this as a number",
                "snp.product: Genoa | host_data: abab | a value of host_data is 32 bytes; this one is 2",
                "snp.product: Genoa | snp.notes: [a] | a row cannot be chosen by snp.notes",
                "snp: 23 } | Snp: 23 } | \"Snp\" cannot name a component: rules write it as floors.<name>.Snp",
                "snp: 23 } | snp: -1 } | the floor of snp is a whole number from 0 to 2^53 - 1",
                "snp: 23 } | snp: 1.55 } | the floor of snp is a whole number or a version, and this is a number",
                "snp: 23 } | snp: '23' } | \"23\" is not a version",
                "snp: 23 } | snp: 1.55.40 } | the floor of snp is a number in one row and a version in another",
                "at-least: { snp: 23 } | at-least: {} | this row has no floor",
                "at-least: { snp: 23 } | match2: {} | a row has no member \"match2\"",
                "snp.product: Genoa | snp.product: Milan, snp.vmpl: 0 | this row never counts: an earlier one matches whatever it matches",
                "fix: | Fix: | \"Fix\" cannot name floors: rules write it as floors.Fix",
                "fix: | in: | \"in\" cannot name floors: rules write it as floors.in",
            })
    void mistakesInTablesAreTold(String from, String to, String message) {
        assertTrue(FLOORS.contains(from), from);
        PolicyReading reading =
                read(RULE, FLOORS.replaceFirst(java.util.regex.Pattern.quote(from) + "(?![^\n]*,)", to));
        assertInstanceOf(PolicyReading.Refused.class, reading, to);
        assertTrue(reading.findings().stream().anyMatch(issue -> issue.message().equals(message)), reading.rendered());
    }

    @Test
    void aFloorThatIsNotThereIsToldWithASuggestion() {
        PolicyReading reading = read("cpu.snp.reported_tcb.snp >= floors.fix.spn", FLOORS);
        PolicyIssue issue = reading.findings().getFirst();
        assertEquals("this policy has no floor floors.fix.spn", issue.message());
        assertEquals("did you mean \"floors.fix.snp\"?", issue.suggestion());
    }

    @Test
    void floorsOfOtherEvidenceAreRefused() {
        String floors = FLOORS.replace("for: sev-snp", "for: tdx")
                .replace("{ snp.product: Milan, snp.vmpl: 0 }", "{ tdx.td_report: '1.0' }")
                .replace("{ snp.product: Genoa }", "{ tdx.td_report: '1.5' }");
        assertEquals(
                "floors.fix.snp is a floor for tdx, and this is about sev-snp",
                read(RULE, floors).findings().getFirst().message());
    }

    @Test
    void aNumberIsNoVersion() {
        assertInstanceOf(PolicyReading.Refused.class, read("version_at_least(cpu.tee, floors.fix.snp)", FLOORS));
    }

    @Test
    void aComponentThatOneRowLacksIsSaidAloud() {
        PolicyReading reading = read(RULE, FLOORS.replace("snp: 23 }", "snp: 23, fmc: 1 }"));
        assertInstanceOf(PolicyReading.Accepted.class, reading, reading.rendered());
        assertEquals(
                List.of(
                        "this row has no floor of fmc, so a rule that reads floors.fix.fmc is undetermined where it matches"),
                reading.findings().stream().map(PolicyIssue::message).toList());
    }

    @Test
    void floorsThatNoRuleReadsAreSaidAloud() {
        assertEquals(
                List.of("no rule reads the floors \"fix\""),
                read("!cpu.debug", FLOORS).findings().stream()
                        .map(PolicyIssue::message)
                        .toList());
    }

    @Test
    void everythingInATableChangesTheDigest() {
        var digest = Bench.accepted(Bench.policyWith(RULE, FLOORS)).identity().digest();
        for (String[] change : new String[][] {
            {"3019", "3020"}, {"2026-11-01", "2026-11-02"}, {"note: n", "note: m"}, {"Genoa", "Turin"}, {"23", "22"}
        }) {
            AppraisalPolicy other = Bench.accepted(Bench.policyWith(RULE, FLOORS.replace(change[0], change[1])));
            assertNotEquals(digest, other.identity().digest(), change[0]);
        }
    }
}
