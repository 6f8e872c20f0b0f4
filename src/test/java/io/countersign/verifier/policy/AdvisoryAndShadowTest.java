package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.result.AttestationResult.Workload;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a policy says beside its verdict, and policies that only count beside another. */
class AdvisoryAndShadowTest {
    private static final String ADVISORIES = """
            advisories:
              - name: hyperthreads are shared
                for: sev-snp
                when: cpu.snp.vmpl == 0
                because: Somebody may listen.
                hint: Switch SMT off.
            """;
    private static final String CHILD = "policy: child\nversion: '1'\nsummary: s\nextends: [small]\n";

    private static PolicyReading read(String more) {
        return Bench.PARSER.parse(Bench.policyWith("!cpu.debug", more), PolicyParser.Library.empty());
    }

    @Test
    void advisoriesAreReadAndDrawnIn() {
        AppraisalPolicy policy = Bench.accepted(Bench.policyWith("!cpu.debug", ADVISORIES));
        Advisory advisory = policy.advisories().getFirst();
        assertEquals("small", advisory.origin());
        assertEquals("cpu.snp.vmpl == 0", advisory.when());
        assertEquals(List.of(advisory), Bench.accepted(CHILD, policy).advisories());
        assertEquals(
                Set.of("cpu.snp.vmpl"),
                policy.compiledAdvisories().getFirst().condition().claims());
    }

    @Test
    void advisoriesChangeTheDigest() {
        var with = Bench.accepted(Bench.policyWith("!cpu.debug", ADVISORIES)).identity();
        assertNotEquals(Bench.accepted(Bench.policyWith("!cpu.debug")).identity(), with);
        assertNotEquals(
                Bench.accepted(Bench.policyWith("!cpu.debug", ADVISORIES.replace("SMT", "it")))
                        .identity(),
                with);
    }

    @Test
    void anAdvisoryMayReadWhatRulesRead() {
        String more = "references: { a: { claim: snp.product, note: n, values: [Milan] } }\n"
                + ADVISORIES.replace("cpu.snp.vmpl == 0", "cpu.snp.product in references.a");
        PolicyReading reading = read(more);
        assertEquals(List.of(), reading.findings(), reading.rendered());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cpu.snp.vmpl == 0 | cpu.snp.vmlp == 0 | there is no claim cpu.snp.vmlp for sev-snp",
                "cpu.snp.vmpl == 0 | cpu.snp.vmpl | in CEL: expected type 'bool' but found 'int'",
                "for: sev-snp | for: snp | no evidence of type \"snp\" is known here",
                "because: Somebody may listen. | sets: hardware | an advisory has no member \"sets\"",
                "because: Somebody may listen. | # nothing | an advisory needs the member \"because\"",
            })
    void mistakesInAdvisoriesAreTold(String from, String to, String message) {
        PolicyReading reading = read(ADVISORIES.replace(from, to));
        assertInstanceOf(PolicyReading.Refused.class, reading, to);
        assertTrue(reading.findings().stream().anyMatch(issue -> issue.message().equals(message)), reading.rendered());
    }

    @Test
    void namesOfAdvisoriesAreGivenOnce() {
        String twice = ADVISORIES + ADVISORIES.replace("advisories:\n", "");
        assertEquals(
                "two advisories are named \"hyperthreads are shared\"",
                read(twice).findings().getFirst().message());
        AppraisalPolicy policy = Bench.accepted(Bench.policyWith("!cpu.debug", ADVISORIES));
        PolicyReading child = Bench.PARSER.parse(CHILD + ADVISORIES, PolicyParser.Library.of(List.of(policy)));
        assertEquals(
                "a policy drawn in already has an advisory \"hyperthreads are shared\"",
                child.findings().getFirst().message());
    }

    @Test
    void atMostFiftyAdvisoriesAreCompiled() {
        var many = new StringBuilder("advisories:\n");
        for (int i = 0; i <= 50; i++) {
            many.append("  - { name: a%d, for: cpu, when: cpu.debug, because: b }\n".formatted(i));
        }
        assertEquals(
                List.of("a policy has at most 50 advisories, with those it draws in"),
                read(many.toString()).findings().stream()
                        .map(PolicyIssue::message)
                        .toList());
    }

    @Test
    void aShadowNeverLetsATokenBeMade() {
        String pinned =
                "references: { a: { claim: launch_measurement, note: n, values: ['" + Bench.MEASUREMENT + "'] } }\n";
        String source = Bench.policyWith("cpu.launch_measurement in references.a", pinned);
        AppraisalPolicy policy = Bench.accepted(source);
        AppraisalPolicy shadow = Bench.accepted(source + "shadow-of: other\n");
        assertTrue(Bench.appraise(policy, Bench.milanMachine()).favourable());
        assertInstanceOf(Workload.NotPinned.class, shadow.workload(Bench.NOW));
        assertEquals(Set.of(), shadow.mintable());
        assertTrue(!Bench.appraise(shadow, Bench.milanMachine()).favourable());
        assertEquals(Optional.of("other"), shadow.shadowOf());
        assertNotEquals(policy.identity().digest(), shadow.identity().digest());
        AppraisalPolicy child = Bench.accepted(CHILD, shadow);
        assertEquals(Optional.empty(), child.shadowOf());
        assertInstanceOf(Workload.Pinned.class, child.workload(Bench.NOW));
    }

    @Test
    void aShadowThatWantsTokensOrIsItsOwnIsRefused() {
        PolicyReading both = read("shadow-of: other\nany-workload: allow-because \"x\"\n");
        assertEquals(
                "a policy that is the shadow of another never lets a token be made, so any-workload means nothing",
                both.findings().getLast().message());
        assertEquals(
                List.of("a policy cannot be its own shadow"),
                read("shadow-of: small").findings().stream()
                        .filter(issue -> issue.severity() == PolicyIssue.Severity.ERROR)
                        .map(PolicyIssue::message)
                        .toList());
    }

    @Test
    void aShadowOfNothingIsSaidAloud() {
        PolicyReading reading = read("shadow-of: other");
        assertInstanceOf(PolicyReading.Accepted.class, reading);
        assertEquals(
                "no policy \"other\" is loaded, so nothing is compared with this one",
                reading.findings().getFirst().message());
    }
}
