package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.result.RuleResult;
import io.countersign.verifier.result.Seen;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a rule says about floors, which depend on the platform. */
class FloorReasonsTest {
    private static final String SNP = "floors.amd_sb_3019.snp";

    private static RuleResult judge(String require, Map<String, Object> values) {
        String policy = """
                policy: fleet
                version: "1"
                summary: What a fleet must have.
                expect: { cpu: { types: [sev-snp] } }
                floors:
                  amd_sb_3019:
                    bulletin: AMD-SB-3019 (CVE-2024-56161)
                    reviewed: 2026-11-23
                    for: sev-snp
                    rows:
                      - match: { snp.product: Milan }
                        at-least: { snp: 25, version: "1.55.40" }
                      - match: { snp.product: Genoa }
                        at-least: { snp: 23 }
                rules:
                  - name: firmware is recent
                    for: sev-snp
                    require: %s
                    sets: hardware
                    because: Older firmware is broken.
                    hint: Update it.
                """.formatted(require);
        return Bench.appraise(Bench.accepted(policy), values).rules().stream()
                .filter(rule -> rule.name().equals("firmware is recent"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void floorThatIsNotReachedIsShownWithItsNumberAndItsBulletin() {
        RuleResult result = judge("cpu.snp.reported_tcb.snp >= " + SNP, Bench.milan());
        var failed = assertInstanceOf(Outcome.Failed.class, result.outcome());
        assertEquals("cpu.snp.reported_tcb.snp >= floors.amd_sb_3019.snp (25, AMD-SB-3019)", failed.expected());
        assertEquals("cpu.snp.reported_tcb.snp = 24", failed.actual());
        assertEquals(Map.of("cpu.snp.reported_tcb.snp", new Seen.Value(24L), SNP, new Seen.Value(25L)), result.saw());
    }

    @Test
    void versionFloorReadsAsAVersion() {
        RuleResult result =
                judge("version_at_least(cpu.snp.current_version, floors.amd_sb_3019.version)", Bench.milan());
        assertEquals(
                "cpu.snp.current_version is at least floors.amd_sb_3019.version (1.55.40, AMD-SB-3019)",
                assertInstanceOf(Outcome.Failed.class, result.outcome()).expected());
    }

    @Test
    void platformWithoutAFloorIsNamed() {
        Map<String, Object> claims = Bench.milan();
        claims.put("snp.product", "Turin");
        RuleResult result = judge("cpu.snp.reported_tcb.snp >= " + SNP, claims);
        var open = assertInstanceOf(Outcome.Undetermined.class, result.outcome());
        assertEquals("a floor for product Turin in floors.amd_sb_3019 (reviewed 2026-11-23)", open.missing());
        assertEquals(Outcome.Cause.NOT_IN_HAND, open.cause());
        assertEquals(new Seen.Absent(), result.saw().get(SNP));
    }

    @Test
    void platformThatIsNotKnownIsTheClaimThatIsMissing() {
        Map<String, Object> claims = Bench.milan();
        claims.remove("snp.product");
        RuleResult result = judge("cpu.snp.reported_tcb.snp >= " + SNP, claims);
        assertEquals(
                "the claim cpu.snp.product, which this evidence does not hold",
                assertInstanceOf(Outcome.Undetermined.class, result.outcome()).missing());
    }
}
