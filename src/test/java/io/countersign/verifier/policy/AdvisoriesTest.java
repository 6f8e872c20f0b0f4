package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.policy.Bench.FakeCheck;
import io.countersign.verifier.result.AdvisoryResult;
import io.countersign.verifier.result.AttestationResult;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdvisoriesTest {
    private static final String ANY = "any-workload: allow-because \"tests\"";

    /** A policy whose only rule is always met, with an advisory under this condition. */
    static AppraisalPolicy advising(String when) {
        return Bench.accepted(Bench.policyWith("!cpu.debug", ANY + """

                        advisories:
                          - name: keys may leak
                            for: sev-snp
                            when: '%s'
                            because: Some machines leak keys.
                            hint: Read the bulletin.
                        """.formatted(when)));
    }

    @Test
    void advisoryShowsWhereItsConditionHoldsAndChangesNothing() {
        AttestationResult result = Bench.appraise(advising("cpu.snp.product == \"Milan\""), Bench.milan());
        assertEquals(
                List.of(new AdvisoryResult(
                        "keys may leak", "cpu0", "Some machines leak keys.", "Read the bulletin.", "small")),
                result.advisories());
        assertTrue(result.favourable());
        assertEquals(
                Bench.appraise(Bench.accepted(Bench.policyWith("!cpu.debug", ANY)), Bench.milan())
                        .rules(),
                result.rules());
    }

    @Test
    void advisoryDoesNotShowWhereItsConditionIsFalse() {
        AttestationResult result = Bench.appraise(advising("cpu.snp.product == \"Genoa\""), Bench.milan());
        assertEquals(List.of(), result.advisories());
    }

    @Test
    void advisoryShowsWhereNobodyCanTell() {
        Map<String, Object> claims = Bench.milan();
        claims.remove("snp.product");
        AttestationResult result = Bench.appraise(advising("cpu.snp.product == \"Genoa\""), claims);
        assertEquals(1, result.advisories().size());
        assertTrue(result.favourable());
    }

    @Test
    void nothingIsAdvisedAboutEvidenceThatWasRejected() {
        var outcome = new Outcome.Failed("good", "bad", "repair it");
        AttestationResult result = Bench.appraise(
                advising("cpu.snp.product == \"Milan\""),
                Bench.concluded(Bench.SNP, Bench.milan(), Map.of(FakeCheck.SIGNATURE, outcome)));
        assertEquals(List.of(), result.advisories());
    }

    @Test
    void nothingIsAdvisedAboutOtherEvidence() {
        AttestationResult result = Bench.appraise(advising("cpu.snp.product == \"Milan\""), Bench.td());
        assertEquals(List.of(), result.advisories());
    }
}
