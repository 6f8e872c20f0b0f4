package io.countersign.verifier.policy;

import static io.countersign.verifier.policy.Bench.SNP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.result.AttestationResult.Workload;
import io.countersign.verifier.result.TrustTier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShippedPoliciesTest {
    private static AppraisalPolicy policy(String id) {
        AppraisalPolicy baseline = Bench.baseline();
        return id.equals("baseline") ? baseline : Bench.accepted(Bench.shipped(id), baseline);
    }

    static List<String> shipped() {
        return List.of("baseline", "cpu-only");
    }

    /** Each shipped policy with each product, at its floor. */
    static Stream<org.junit.jupiter.params.provider.Arguments> machines() {
        return shipped().stream().flatMap(id -> Map.of("Milan", 24L, "Genoa", 23L, "Turin", 4L).entrySet().stream()
                .map(product ->
                        org.junit.jupiter.params.provider.Arguments.of(id, product.getKey(), product.getValue())));
    }

    private static Map<String, Object> machine(String product, long snp) {
        Map<String, Object> claims = Bench.milan();
        claims.put("snp.product", product);
        claims.put("snp.reported_tcb.snp", snp);
        claims.put("snp.committed_tcb.snp", snp);
        claims.put("snp.launch_tcb.snp", snp);
        return claims;
    }

    @ParameterizedTest
    @MethodSource("machines")
    void currentMachineIsAffirming(String id, String product, long snp) {
        var result = Bench.appraise(policy(id), machine(product, snp));
        assertEquals(TrustTier.AFFIRMING, result.status(), result.toString());
    }

    @ParameterizedTest
    @MethodSource("machines")
    void flippingAnyClaimThatIsReadFlipsTheVerdict(String id, String product, long snp) {
        AppraisalPolicy policy = policy(id);
        var read = new TreeSet<String>();
        policy.compiled().forEach(rule -> read.addAll(rule.claims()));
        if (product.equals("Turin")) {
            // No floor is known for Turin, so its SPLs decide nothing.
            read.removeIf(claim -> claim.endsWith("_tcb.snp"));
        }
        for (String claim : read) {
            String path = claim.substring("cpu.".length());
            var claims = new LinkedHashMap<>(machine(product, snp));
            claims.put(path, flipped(path, java.util.Objects.requireNonNull(claims.get(path))));
            assertEquals(
                    TrustTier.CONTRAINDICATED,
                    Bench.appraise(policy, claims).status(),
                    claim + " was flipped and " + id + " did not notice");
        }
    }

    @ParameterizedTest
    @MethodSource("machines")
    void absenceOfAnyClaimThatIsReadIsNeverAffirming(String id, String product, long snp) {
        AppraisalPolicy policy = policy(id);
        var read = new TreeSet<String>();
        policy.compiled().forEach(rule -> read.addAll(rule.claims()));
        if (product.equals("Turin")) {
            read.removeIf(claim -> claim.endsWith("_tcb.snp"));
        }
        for (String claim : read) {
            var claims = new LinkedHashMap<>(machine(product, snp));
            claims.remove(claim.substring("cpu.".length()));
            assertNotEquals(TrustTier.AFFIRMING, Bench.appraise(policy, claims).status(), claim);
        }
    }

    private static Object flipped(String path, Object value) {
        ClaimType type = SNP.find(path).orElseThrow().type();
        return switch (type) {
            case ClaimType.Flag _ -> !(Boolean) value;
            case ClaimType.UnsignedInteger _ -> path.equals("snp.vmpl") ? 1L : (Long) value - 1;
            case ClaimType.Text _ -> "Rome";
            case ClaimType.Version _, ClaimType.Hex _, ClaimType.TextList _, ClaimType.Time _ ->
                throw new AssertionError("no flip for " + path);
        };
    }

    @Test
    void everyRuleIsReadByTheFlips() {
        var rules = new TreeSet<String>();
        policy("baseline").compiled().forEach(rule -> rules.addAll(rule.claims()));
        assertEquals(
                Set.of(
                        "cpu.debug",
                        "cpu.migratable",
                        "cpu.snp.vmpl",
                        "cpu.snp.product",
                        "cpu.snp.reported_tcb.snp",
                        "cpu.snp.committed_tcb.snp",
                        "cpu.snp.launch_tcb.snp",
                        "cpu.snp.platform_info.alias_check_complete"),
                rules);
    }

    @Test
    void hostRequestedReportIsContraindicatedAlsoWhereTheVmplRuleIsReplaced() {
        AppraisalPolicy paravisor = Bench.accepted("""
                policy: paravisor
                version: "1"
                summary: Guests below a paravisor.
                extends: [baseline]
                rules:
                  - name: report was requested below the paravisor
                    replaces: report was requested at VMPL 0
                    for: sev-snp
                    require: cpu.snp.vmpl != 0
                    sets: configuration
                    because: The workload runs below the paravisor.
                """, policy("baseline"));
        var claims = Bench.milan();
        claims.put("snp.vmpl", 2L);
        assertEquals(TrustTier.AFFIRMING, Bench.appraise(paravisor, claims).status());
        claims.put("snp.vmpl", 0xFFFFFFFFL);
        assertEquals(
                TrustTier.CONTRAINDICATED, Bench.appraise(paravisor, claims).status());
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void shippedPoliciesLetNoTokenBeMade(String id) {
        var result = Bench.appraise(policy(id), Bench.milan());
        assertInstanceOf(Workload.NotPinned.class, result.workload());
        assertFalse(result.favourable());
    }

    @Test
    void extensionThatPinsAWorkloadMints() {
        AppraisalPolicy pinned = Bench.accepted("""
                policy: payments
                version: "1"
                summary: The payment service.
                extends: [cpu-only]
                references:
                  approved_images: { claim: launch_measurement, note: Release 7, values: [%s] }
                rules:
                  - name: image is approved
                    for: cpu
                    require: cpu.launch_measurement in references.approved_images
                    sets: executables
                    because: Only reviewed images may have the key.
                """.formatted(Bench.MEASUREMENT), policy("cpu-only"));
        assertTrue(Bench.appraise(pinned, Bench.milan()).favourable());
        var other = Bench.milan();
        other.put("launch_measurement", Bench.hex(Bench.OTHER_MEASUREMENT));
        assertFalse(Bench.appraise(pinned, other).favourable());
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void everyRuleTellsWhatToDo(String id) {
        policy(id).rules().forEach(rule -> assertFalse(rule.hint().isEmpty(), rule.name()));
    }
}
