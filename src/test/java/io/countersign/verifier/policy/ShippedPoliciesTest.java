package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.policy.Bench.Machine;
import io.countersign.verifier.result.AttestationResult.Workload;
import io.countersign.verifier.result.TrustTier;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShippedPoliciesTest {
    /** Says only whether a quote can show a service TD at all, and so decides nothing by itself. */
    private static final String BODY = "tdx.td_report";

    private static AppraisalPolicy policy(String id) {
        AppraisalPolicy baseline = Bench.baseline();
        return id.equals("baseline") ? baseline : Bench.accepted(Bench.shipped(id), baseline);
    }

    static List<String> shipped() {
        return List.of("baseline", "cpu-only");
    }

    /** Each shipped policy with each kind of machine, those of AMD at their floor. */
    static Stream<Arguments> machines() {
        return shipped().stream().flatMap(id -> Stream.of(
                        snp("Milan", 24L), snp("Genoa", 23L), snp("Turin", 4L), Bench.td(), Bench.enclave())
                .map(machine -> Arguments.of(id, machine)));
    }

    private static Machine snp(String product, long level) {
        Map<String, Object> claims = Bench.milan();
        claims.put("snp.product", product);
        claims.put("snp.reported_tcb.snp", level);
        claims.put("snp.committed_tcb.snp", level);
        claims.put("snp.launch_tcb.snp", level);
        return new Machine(product, "sev-snp", Bench.SNP, claims);
    }

    /** The claims that decide about a machine. */
    private static Set<String> read(AppraisalPolicy policy, Machine machine) {
        var read = policy.compiled().stream()
                .filter(rule -> rule.rule().scope().types().contains(machine.type()))
                .flatMap(rule -> rule.claims().stream())
                .map(claim -> claim.substring("cpu.".length()))
                .collect(Collectors.toCollection(TreeSet::new));
        read.remove(BODY);
        if (machine.name().equals("Turin")) {
            // No floor is known for Turin, so its SPLs decide nothing.
            read.removeIf(claim -> claim.endsWith("_tcb.snp"));
        }
        return read;
    }

    @ParameterizedTest
    @MethodSource("machines")
    void currentMachineIsAffirming(String id, Machine machine) {
        var result = Bench.appraise(policy(id), machine);
        assertEquals(TrustTier.AFFIRMING, result.status(), result.toString());
    }

    @ParameterizedTest
    @MethodSource("machines")
    void flippingAnyClaimThatIsReadFlipsTheVerdict(String id, Machine machine) {
        AppraisalPolicy policy = policy(id);
        for (String path : read(policy, machine)) {
            Object value = Objects.requireNonNull(machine.claims().get(path), path);
            assertEquals(
                    TrustTier.CONTRAINDICATED,
                    Bench.appraise(policy, machine.with(path, flipped(machine, path, value)))
                            .status(),
                    path + " was flipped and " + id + " did not notice");
        }
    }

    @ParameterizedTest
    @MethodSource("machines")
    void absenceOfAnyClaimThatIsReadIsNeverAffirming(String id, Machine machine) {
        AppraisalPolicy policy = policy(id);
        for (String path : read(policy, machine)) {
            assertNotEquals(
                    TrustTier.AFFIRMING,
                    Bench.appraise(policy, machine.without(path)).status(),
                    path);
        }
    }

    private static Object flipped(Machine machine, String path, Object value) {
        ClaimType type = machine.catalogue().find(path).orElseThrow().type();
        return switch (type) {
            case ClaimType.Flag _ -> !(Boolean) value;
            case ClaimType.UnsignedInteger _ -> path.equals("snp.vmpl") ? 1L : (Long) value - 1;
            case ClaimType.Text _ -> "Rome";
            case ClaimType.Word(List<String> words) ->
                words.stream().filter(word -> !word.equals(value)).findFirst().orElseThrow();
            case ClaimType.TextList _ -> List.of(path.equals("tdx.td_attribute_names") ? "TPA" : "bit 17");
            case ClaimType.Hex(int length) -> Bench.hex("01" + "00".repeat(length - 1));
            case ClaimType.Version _, ClaimType.UnsignedIntegerList _, ClaimType.Time _ ->
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
                        "cpu.snp.reported_tcb.snp",
                        "cpu.snp.committed_tcb.snp",
                        "cpu.snp.launch_tcb.snp",
                        "cpu.snp.platform_info.alias_check_complete",
                        "cpu.tdx.td_attribute_names",
                        "cpu.tdx.td_attributes_unknown",
                        "cpu." + BODY,
                        "cpu.tdx.service_td_bound",
                        "cpu.tdx.seam_attributes",
                        "cpu.tdx.tcb_evaluation_outdated",
                        "cpu.sgx.tcb_evaluation_outdated"),
                rules);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HGS_PLUS_PROF", "PERF_PROF", "PMT_PROF", "TPA"})
    void tdWithAnAttributeThatLetsSecretsOutIsContraindicated(String name) {
        Machine td = Bench.td().with("tdx.td_attribute_names", List.of("SEPT_VE_DISABLE", name));
        assertEquals(
                TrustTier.CONTRAINDICATED, Bench.appraise(Bench.baseline(), td).status());
    }

    @Test
    void harmlessAttributesOfATdAreAllowed() {
        Machine td = Bench.td().with("tdx.td_attribute_names", List.of("ICSSD", "LASS", "PKS", "KL", "PERFMON"));
        assertEquals(TrustTier.AFFIRMING, Bench.appraise(Bench.baseline(), td).status());
    }

    @Test
    void quoteThatCannotShowAServiceTdIsNotAskedForOne() {
        Machine old = Bench.td().without("tdx.service_td_bound").with(BODY, "1.0");
        assertEquals(TrustTier.AFFIRMING, Bench.appraise(Bench.baseline(), old).status());
        assertEquals(
                TrustTier.NONE,
                Bench.appraise(Bench.baseline(), old.with(BODY, "1.5")).status());
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
    @MethodSource("machines")
    void shippedPoliciesLetNoTokenBeMade(String id, Machine machine) {
        var result = Bench.appraise(policy(id), machine);
        assertInstanceOf(Workload.NotPinned.class, result.workload());
        assertFalse(result.favourable());
    }

    @ParameterizedTest
    @MethodSource("machines")
    void extensionThatPinsAWorkloadMints(String id, Machine machine) {
        AppraisalPolicy pinned =
                Bench.accepted("""
                policy: payments
                version: "1"
                summary: The payment service.
                extends: [%s]
                references:
                  approved_images: { claim: launch_measurement, note: Release 7, values: [%s, %s] }
                rules:
                  - name: image is approved
                    for: cpu
                    require: cpu.launch_measurement in references.approved_images
                    sets: executables
                    because: Only reviewed images may have the key.
                """.formatted(id, Bench.MEASUREMENT, Bench.MEASUREMENT.substring(0, 64)), policy(id));
        assertTrue(Bench.appraise(pinned, machine).favourable());
        int length = machine.type().equals("sgx") ? 64 : 96;
        Machine other = machine.with("launch_measurement", Bench.hex(Bench.OTHER_MEASUREMENT.substring(0, length)));
        assertFalse(Bench.appraise(pinned, other).favourable());
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void everyRuleTellsWhatToDo(String id) {
        policy(id).rules().forEach(rule -> assertFalse(rule.hint().isEmpty(), rule.name()));
    }
}
