package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.result.AttestationResult.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one rule says, and what somebody may write into an ID block, switches no other rule off. */
class RulesStandAloneTest {
    @Test
    void anOrWithoutParenthesesSwitchesNoOtherRuleOff() {
        AppraisalPolicy policy = Bench.accepted("""
                policy: two-rules
                version: "1"
                summary: The first rule holds of every guest of VMPL 0, whatever the second says.
                expect: { cpu: { types: [sev-snp] } }
                any-workload: allow-because "tests"
                rules:
                  - name: loose
                    for: sev-snp
                    require: cpu.snp.product == "Genoa" || cpu.snp.vmpl == 0
                    sets: configuration
                    because: It is wanted.
                  - name: strict
                    for: sev-snp
                    require: '!cpu.debug'
                    sets: configuration
                    because: It is wanted.
                """);
        var result = Bench.appraise(policy, Bench.milanMachine().with("debug", true));
        assertInstanceOf(Outcome.Passed.class, Bench.ruleOutcome(result, "loose"));
        assertInstanceOf(Outcome.Failed.class, Bench.ruleOutcome(result, "strict"));
        assertFalse(result.favourable());
        assertEquals(true, Bench.appraise(policy, Bench.milanMachine()).favourable());
    }

    /** The owner of the ID block chooses these himself; only the digest of his key says who he is. */
    @ParameterizedTest
    @ValueSource(strings = {"cpu.snp.guest_svn >= 7", "cpu.snp.guest_svn == 7"})
    void whatAnIdBlockSaysPinsNothingWithoutItsKey(String require) {
        assertInstanceOf(
                Workload.NotPinned.class,
                Bench.accepted(Bench.policyWith(require)).workload(Bench.NOW));
        String keys = "references: { keys: { claim: snp.id_key_digest, note: n, values: ['%s'] } }"
                .formatted("0a".repeat(48));
        assertInstanceOf(
                Workload.Pinned.class,
                Bench.accepted(Bench.policyWith(require + " && cpu.snp.id_key_digest in references.keys", keys))
                        .workload(Bench.NOW));
    }
}
