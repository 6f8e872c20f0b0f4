package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.result.AttestationResult.Workload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values files beside policies. */
class ValuesFileTest {
    private static final String VALUES = """
            values: images
            version: "1"
            summary: Released images.
            reviewed: 2026-11-01
            references:
              released:
                claim: launch_measurement
                note: n
                values: ['%s']
            floors:
              fix:
                bulletin: b
                for: sev-snp
                rows: [{ match: {}, at-least: { snp: 24 } }]
            """.formatted(Bench.MEASUREMENT);
    private static final String USER = Bench.policyWith(
            "cpu.launch_measurement in references.released && cpu.snp.reported_tcb.snp >= floors.fix.snp",
            "values-from: [images]");

    private static Map<String, PolicyReading> readAll(String... sources) {
        var files = new LinkedHashMap<String, String>();
        for (String source : sources) {
            files.put("f" + files.size() + ".yaml", source);
        }
        return Bench.PARSER.parseAll(files);
    }

    private static AppraisalPolicy policy(Map<String, PolicyReading> readings, String file) {
        PolicyReading reading = Bench.at(readings, file);
        return assertInstanceOf(PolicyReading.Accepted.class, reading, reading.rendered())
                .policy();
    }

    private static List<String> messages(Map<String, PolicyReading> readings, String file) {
        return Bench.at(readings, file).findings().stream()
                .map(PolicyIssue::message)
                .toList();
    }

    @Test
    void policiesReadWhatTheyDrawIn() {
        var readings = readAll(USER, VALUES);
        AppraisalPolicy policy = policy(readings, "f0.yaml");
        assertInstanceOf(Workload.Pinned.class, policy.workload(Bench.NOW));
        assertEquals(List.of(), Bench.at(readings, "f0.yaml").findings());
        ValuesFile file = assertInstanceOf(PolicyReading.AcceptedValues.class, Bench.at(readings, "f1.yaml"))
                .values();
        assertEquals("images", file.identity().id());
        assertEquals(List.of(file.identity()), policy.valuesFrom());
    }

    @Test
    void whatIsDrawnInIsInherited() {
        String child = "policy: child\nversion: '1'\nsummary: s\nextends: [small]\n"
                + "rules: [{ name: again, for: sev-snp, require: 'cpu.snp.launch_tcb.snp >= floors.fix.snp',"
                + " sets: hardware, because: b }]\n";
        AppraisalPolicy policy = policy(readAll(child, USER, VALUES), "f0.yaml");
        assertEquals(2, policy.rules().size());
        assertTrue(policy.references().containsKey("released"));
    }

    @Test
    void theDigestOfAPolicyNamesTheValuesThatItDrawsIn() {
        AppraisalPolicy before = policy(readAll(USER, VALUES), "f0.yaml");
        for (String[] change : new String[][] {
            {"snp: 24", "snp: 25"},
            {Bench.MEASUREMENT, Bench.OTHER_MEASUREMENT},
            {"2026-11-01", "2026-11-02"},
            {"version: \"1\"", "version: \"2\""},
            {"note: n", "note: m"}
        }) {
            AppraisalPolicy after = policy(readAll(USER, VALUES.replace(change[0], change[1])), "f0.yaml");
            assertNotEquals(before.identity().digest(), after.identity().digest(), change[0]);
        }
        AppraisalPolicy commented = policy(readAll(USER, "# c\n" + VALUES), "f0.yaml");
        assertEquals(before.identity().digest(), commented.identity().digest());
    }

    @Test
    void namesThatClashAreRefused() {
        String twice = USER.replace(
                "values-from: [images]",
                "values-from: [images]\nreferences: { released: { claim: snp.product, note: n, values: [x] } }");
        assertTrue(messages(readAll(twice, VALUES), "f0.yaml")
                .contains("a file drawn in already declares reference values \"released\""));
        String other = VALUES.replace("values: images", "values: others").replace("note: n", "note: other");
        assertTrue(
                messages(readAll(USER.replace("[images]", "[images, others]"), VALUES, other), "f0.yaml")
                        .contains(
                                "this values file and something else drawn in declare reference values \"released\" differently"));
    }

    @Test
    void aValuesFileOfWhichNothingIsReadIsSaidAloud() {
        assertEquals(
                List.of("no rule reads anything of the values file \"images\""),
                messages(readAll(Bench.policyWith("!cpu.debug", "values-from: [images]"), VALUES), "f0.yaml"));
    }

    @Test
    void policiesAndValuesFilesAreNotMistakenForEachOther() {
        assertEquals(
                List.of("\"images\" is a values file, and extends draws in policies"),
                messages(readAll(Bench.policyWith("!cpu.debug", "extends: [images]"), VALUES), "f0.yaml"));
        String other = Bench.policyWith("!cpu.debug", "").replace("policy: small", "policy: other");
        assertEquals(
                List.of("\"other\" is a policy, and values-from draws in values files"),
                messages(readAll(Bench.policyWith("!cpu.debug", "values-from: [other]"), other), "f0.yaml"));
        assertEquals(
                List.of("no values file \"imags\" is loaded"),
                messages(readAll(Bench.policyWith("!cpu.debug", "values-from: [imags]"), VALUES), "f0.yaml"));
    }

    @Test
    void draftsDrawInNoValuesAndAreNone() {
        assertEquals(
                "a draft draws in no other file",
                Bench.PARSER
                        .parseDraft(Bench.policyWith("!cpu.debug", "values-from: [images]"))
                        .findings()
                        .getFirst()
                        .message());
        assertInstanceOf(PolicyReading.Refused.class, Bench.PARSER.parseDraft(VALUES));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "values: images | values: Images | the id of a values file is a lowercase letter, then at most 63 lowercase letters, digits or hyphens",
                "version: \"1\" | # nothing | a values file needs the member \"version\"",
                "summary: Released images. | rules: [] | a values file has no member \"rules\"",
                "reviewed: 2026-11-01 | # nothing | nobody says when the floors \"fix\" were compared with their bulletin",
            })
    void mistakesInValuesFilesAreTold(String from, String to, String message) {
        assertTrue(VALUES.contains(from), from);
        PolicyReading reading = Bench.PARSER.parse(VALUES.replace(from, to), PolicyParser.Library.empty());
        assertInstanceOf(PolicyReading.Refused.class, reading, reading.rendered());
        assertTrue(reading.findings().stream().anyMatch(issue -> issue.message().equals(message)), reading.rendered());
    }

    @Test
    void anEmptyValuesFileIsRefused() {
        PolicyReading reading =
                Bench.PARSER.parse("values: v\nversion: '1'\nsummary: s\n", PolicyParser.Library.empty());
        assertEquals("the file holds no values", reading.findings().getFirst().message());
    }
}
