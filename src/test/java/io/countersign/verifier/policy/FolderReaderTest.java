package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.countersign.verifier.policy.PolicyParser.Acceptance;
import io.countersign.verifier.policy.PolicyParser.Library;
import io.countersign.verifier.policy.PolicyReading.Accepted;
import io.countersign.verifier.policy.PolicyReading.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of a folder that change while a service runs. */
class FolderReaderTest {
    private static final Acceptance ALL = (_, _) -> List.of();
    private static final String PARENT = Bench.policyWith("!cpu.debug");
    private static final String CHILD = "policy: child\nversion: '1'\nsummary: s\nextends: [small]\n";

    private static Map<String, String> folder(String parent) {
        var files = new LinkedHashMap<String, String>();
        files.put("child.yaml", CHILD);
        files.put("small.yaml", parent);
        return files;
    }

    private static List<String> messages(Map<String, PolicyReading> readings, String file) {
        return Bench.at(readings, file).findings().stream()
                .map(PolicyIssue::message)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "policy: small\nversion: '2'\nsummary: s\nrules: [{}]\n",
                "policy: small\nversion: [\n",
                "policy: \"small\"  # ours\n\tversion: 2\n",
                "",
            })
    void theLastGoodVersionIsDrawnInWhereAFileIsRefused(String broken) {
        Map<String, PolicyReading> first = Bench.PARSER.parseAll(folder(PARENT), Library.empty(), ALL);
        Map<String, PolicyReading> second = Bench.PARSER.parseAll(folder(broken), Library.of(first), ALL);
        assertInstanceOf(Refused.class, Bench.at(second, "small.yaml"));
        var child = assertInstanceOf(
                Accepted.class,
                Bench.at(second, "child.yaml"),
                Bench.at(second, "child.yaml").rendered());
        assertEquals(
                ((Accepted) Bench.at(first, "child.yaml")).policy().identity(),
                child.policy().identity());
        assertEquals(
                List.of("the policy \"small\" was refused, so its last good version is drawn in"),
                messages(second, "child.yaml"));
    }

    @Test
    void aTextThatChangedIsNotPutTogetherWithAnOlderVersionOfWhatItDrawsIn() {
        // The rule moves from the child to its parent, where it is misspelt: with the parent of before it would be in
        // neither.
        String own = CHILD + """
                rules:
                  - { name: VMPL, for: cpu, require: 'cpu.snp.vmpl == 0', sets: configuration, because: b }
                """.replace("for: cpu", "for: sev-snp");
        String grandchild = "policy: grandchild\nversion: '1'\nsummary: s\nextends: [child]\n";
        Library first = Library.of(Bench.PARSER.parseAll(
                Map.of("child.yaml", own, "small.yaml", PARENT, "grandchild.yaml", grandchild), Library.empty(), ALL));
        String broken = PARENT.replace("debug", "debg");
        var second = Bench.PARSER.parseAll(
                Map.of("child.yaml", CHILD, "small.yaml", broken, "grandchild.yaml", grandchild), first, ALL);
        assertEquals(List.of("the policy \"small\" was refused, and with it this one"), messages(second, "child.yaml"));
        assertEquals(
                List.of("the policy \"child\" was refused, so its last good version is drawn in"),
                messages(second, "grandchild.yaml"));
        var third = Bench.PARSER.parseAll(
                Map.of(
                        "child.yaml",
                        own,
                        "small.yaml",
                        broken,
                        "grandchild.yaml",
                        grandchild.replace("version: '1'", "version: '2'")),
                first,
                ALL);
        assertEquals(
                List.of("a file that the policy \"child\" draws in was refused, and with it this one"),
                messages(third, "grandchild.yaml"));
        assertEquals(
                "correct small.yaml",
                Bench.at(third, "grandchild.yaml").findings().getFirst().suggestion());
    }

    @Test
    void withoutALastGoodVersionTheParentsFateIsShared() {
        var readings = Bench.PARSER.parseAll(folder(PARENT.replace("debug", "debg")), Library.empty(), ALL);
        assertInstanceOf(Refused.class, Bench.at(readings, "child.yaml"));
        PolicyIssue issue = Bench.at(readings, "child.yaml").findings().getFirst();
        assertEquals("the policy \"small\" was refused, and with it this one", issue.message());
        assertEquals("child.yaml:4:11", issue.file() + ":" + issue.line() + ":" + issue.column());
        assertEquals("correct small.yaml", issue.suggestion());
    }

    @Test
    void aFileThatIsGoneIsNotDrawnInAnyMore() {
        Library first = Library.of(Bench.PARSER.parseAll(folder(PARENT), Library.empty(), ALL));
        var second = Bench.PARSER.parseAll(Map.of("child.yaml", CHILD), first, ALL);
        assertEquals(List.of("no policy \"small\" is loaded"), messages(second, "child.yaml"));
    }

    @Test
    void objectionsRefuseAFileAndAreToldWithItsWarnings() {
        Library first = Library.of(Bench.PARSER.parseAll(folder(PARENT), Library.empty(), ALL));
        var asked = new ArrayList<String>();
        Acceptance picky = (file, policy) -> {
            asked.add(file);
            return file.equals("small.yaml") ? List.of(policy.errorAt(1, "a test fails", "")) : List.of();
        };
        var second = Bench.PARSER.parseAll(folder(PARENT.replace("\"1\"", "\"2\"")), first, picky);
        assertEquals(List.of("small.yaml", "child.yaml"), asked);
        assertEquals(List.of("a test fails"), messages(second, "small.yaml"));
        assertInstanceOf(Refused.class, Bench.at(second, "small.yaml"));
        AppraisalPolicy child =
                assertInstanceOf(Accepted.class, Bench.at(second, "child.yaml")).policy();
        assertEquals("1", child.parents().getFirst().version());
    }

    @Test
    void warningsOfWhoIsAskedRefuseNothing() {
        Acceptance warning = (_, policy) -> List.of(new PolicyIssue(
                PolicyIssue.Severity.WARNING, policy.file(), 1, 1, "it has no tests", "", "policy: small"));
        var readings = Bench.PARSER.parseAll(Map.of("small.yaml", PARENT), Library.empty(), warning);
        assertInstanceOf(Accepted.class, Bench.at(readings, "small.yaml"));
        assertEquals(List.of("it has no tests"), messages(readings, "small.yaml"));
    }

    @Test
    void nobodyIsAskedAboutAFileThatIsRefusedAnyway() {
        Acceptance none = (file, _) -> Assertions.fail(file);
        Bench.PARSER.parseAll(Map.of("small.yaml", PARENT.replace("debug", "debg")), Library.empty(), none);
    }

    @Test
    void circlesAndSharedIdsEndInAnAnswerAndTakeNobodyAlong() {
        var files = new LinkedHashMap<String, String>();
        files.put("a1.yaml", "policy: a\nversion: '1'\nsummary: s\nextends: [b]\n");
        files.put("a2.yaml", "policy: a\nversion: '1'\nsummary: s\nextends: [small]\n");
        files.put("b.yaml", "policy: b\nversion: '1'\nsummary: s\nextends: [a]\n");
        files.put("self.yaml", "policy: self\nversion: '1'\nsummary: s\nextends: [self]\n");
        files.put("leans.yaml", "policy: leans\nversion: '1'\nsummary: s\nextends: [self]\n");
        files.put("small.yaml", PARENT);
        var readings = Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> Bench.PARSER.parseAll(files));
        assertEquals(List.copyOf(files.keySet()), List.copyOf(readings.keySet()));
        assertEquals(
                List.of("small.yaml"),
                files.keySet().stream()
                        .filter(file -> Bench.at(readings, file) instanceof Accepted)
                        .toList());
        assertEquals(List.of("this policy draws itself in, through \"self\""), messages(readings, "self.yaml"));
        assertEquals(
                List.of("the policy \"self\" was refused, and with it this one"), messages(readings, "leans.yaml"));
    }

    @Test
    void theLastGoodValuesAreDrawnInToo() {
        String values = """
                values: images
                version: '1'
                summary: s
                references: { a: { claim: snp.product, note: n, values: [Milan] } }
                """;
        String user = Bench.policyWith("cpu.snp.product in references.a", "values-from: [images]");
        Library first =
                Library.of(Bench.PARSER.parseAll(Map.of("v.yaml", values, "p.yaml", user), Library.empty(), ALL));
        var second = Bench.PARSER.parseAll(
                Map.of("v.yaml", values.replace("snp.product", "snp.prodct"), "p.yaml", user), first, ALL);
        assertInstanceOf(Refused.class, Bench.at(second, "v.yaml"));
        assertInstanceOf(
                Accepted.class,
                Bench.at(second, "p.yaml"),
                Bench.at(second, "p.yaml").rendered());
        assertEquals(
                List.of("the values file \"images\" was refused, so its last good version is drawn in"),
                messages(second, "p.yaml"));
    }

    @Test
    void aShadowMayWaitForAFileThatIsRefused() {
        var readings = Bench.PARSER.parseAll(Map.of(
                "small.yaml",
                PARENT.replace("debug", "debg"),
                "next.yaml",
                PARENT.replace("policy: small", "policy: next\nshadow-of: small")));
        assertEquals(List.of(), messages(readings, "next.yaml"));
    }
}
