package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.policy.Bench.FakeCheck;
import io.countersign.verifier.policy.Bench.Machine;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.result.AttestationResult.Workload;
import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.tee.nvgpu.GpuCheck;
import java.util.LinkedHashMap;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped policies for machines with GPUs, with hand-made devices. */
class ConfidentialGpuTest {
    private static final AppraisalPolicy BASELINE = Bench.baseline();
    private static final AppraisalPolicy GPUS = Bench.accepted(Bench.shipped("confidential-gpu"), BASELINE);
    private static final AppraisalPolicy STRICT = Bench.accepted(Bench.shipped("confidential-gpu-strict"), GPUS);
    private static final String NO_DEVTOOLS = "measurements do not look like developer-tools mode";

    static List<AppraisalPolicy> policies() {
        return List.of(GPUS, STRICT);
    }

    /** One GPU alone, and a whole machine in protected-PCIe mode. */
    static Stream<Arguments> machines() {
        return policies().stream().flatMap(policy -> Stream.of(Devices.alone(Devices.h100(0)), Devices.joined(8, 4))
                .map(devices -> Arguments.of(policy, devices)));
    }

    private static Set<String> read(AppraisalPolicy policy, String label, Machine device) {
        String prefix = label.replaceFirst("[0-9]+$", "") + ".";
        return policy.compiled().stream()
                .filter(rule -> rule.rule().scope().types().contains(device.type()))
                .flatMap(rule -> rule.claims().stream())
                .map(claim -> claim.substring(prefix.length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, Machine> with(Map<String, Machine> devices, String label, Machine changed) {
        var all = new LinkedHashMap<>(devices);
        all.put(label, changed);
        return all;
    }

    @ParameterizedTest
    @MethodSource("machines")
    void currentMachineIsAffirming(AppraisalPolicy policy, Map<String, Machine> devices) {
        AttestationResult result = Devices.appraise(policy, devices);
        assertEquals(TrustTier.AFFIRMING, result.status(), result.rules().toString());
    }

    @ParameterizedTest
    @MethodSource("machines")
    void flippingAnyClaimThatIsReadFlipsTheVerdict(AppraisalPolicy policy, Map<String, Machine> devices) {
        devices.forEach((label, device) -> read(policy, label, device).forEach(path -> {
            Object value = Objects.requireNonNull(device.claims().get(path), path);
            Machine flipped = device.with(path, flipped(device, path, value));
            assertEquals(
                    TrustTier.CONTRAINDICATED,
                    Devices.appraise(policy, with(devices, label, flipped)).status(),
                    path + " of " + label + " was flipped and nobody noticed");
        }));
    }

    @ParameterizedTest
    @MethodSource("machines")
    void absenceOfAnyClaimThatIsReadIsNeverAffirming(AppraisalPolicy policy, Map<String, Machine> devices) {
        devices.forEach((label, device) -> read(policy, label, device)
                .forEach(path -> assertNotEquals(
                        TrustTier.AFFIRMING,
                        Devices.appraise(policy, with(devices, label, device.without(path)))
                                .status(),
                        path + " of " + label)));
    }

    private static Object flipped(Machine device, String path, Object value) {
        return device.catalogue().find(path).orElseThrow().type() instanceof ClaimType.Flag
                ? (Object) !(Boolean) value
                : "differs";
    }

    @Test
    void everyRuleIsReadByTheFlips() {
        var claims = new TreeSet<String>();
        STRICT.compiled().stream()
                .flatMap(rule -> rule.claims().stream())
                .filter(claim -> !claim.startsWith("cpu."))
                .forEach(claims::add);
        assertEquals(
                Set.of(
                        "gpu.cc_mode",
                        "gpu.cc_mode_strength",
                        "gpu.devtools_index",
                        "gpu.measurements_match",
                        "gpu.cpr.on_board",
                        "gpu.model",
                        "nvswitch.measurements_match",
                        "nvswitch.locked"),
                claims);
    }

    @Test
    void everyRuleOfTheBaselineStaysInForce() {
        var names = STRICT.rules().stream().map(Rule::name).toList();
        assertTrue(names.containsAll(BASELINE.rules().stream().map(Rule::name).toList()));
    }

    @Test
    void inferredModeIsEnoughForOneOfThem() {
        var old = Devices.alone(
                Devices.h100(0).with("cc_mode_strength", "inferred").without("feature_flag"));
        assertEquals(TrustTier.AFFIRMING, Devices.appraise(GPUS, old).status());
        assertEquals(TrustTier.CONTRAINDICATED, Devices.appraise(STRICT, old).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"not-compared", "differs"})
    void gpuThatNothingShowsToBeOutOfDeveloperToolsModeIsContraindicated(String index) {
        for (AppraisalPolicy policy : policies()) {
            var gpu = Devices.h100(0).with("devtools_index", index);
            AttestationResult result = Devices.appraise(policy, Devices.alone(gpu));
            assertInstanceOf(Outcome.Failed.class, Bench.ruleOutcome(result, NO_DEVTOOLS));
            assertEquals(TrustTier.CONTRAINDICATED, result.status());
        }
    }

    @Test
    void indexThatCouldNotBeComparedYetIsOpenAndNotHeldAgainstTheGpu() {
        var gpu = Devices.h100(0).without("devtools_index");
        AttestationResult result = Devices.appraise(GPUS, Devices.alone(gpu));
        assertInstanceOf(Outcome.Undetermined.class, Bench.ruleOutcome(result, NO_DEVTOOLS));
        assertEquals(TrustTier.NONE, result.status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1010/0200/882:00c00100",
                "1010/0205/862:00c00100",
                "G520/0200/885:00c00100",
                "G520/0280/895:00800300",
            })
    void protectedRegionsOfGenuineBoardsAreKnown(String onBoard) {
        var gpu = Devices.h100(0).with("cpr.on_board", onBoard);
        assertEquals(
                TrustTier.AFFIRMING, Devices.appraise(GPUS, Devices.alone(gpu)).status());
    }

    @Test
    void regionOfOneBoardIsNotThatOfAnother() {
        var gpu = Devices.h100(0).with("cpr.on_board", "1010/0200/882:00800300");
        assertEquals(
                TrustTier.CONTRAINDICATED,
                Devices.appraise(GPUS, Devices.alone(gpu)).status());
    }

    @Test
    void otherModelIsAdmittedByReplacingTheRule() {
        var h200 = Devices.alone(Devices.h100(0).with("model", "H200").with("cpr.on_board", "G520/0280/895:00800300"));
        assertEquals(TrustTier.CONTRAINDICATED, Devices.appraise(GPUS, h200).status());
        AppraisalPolicy both = Bench.accepted("""
                policy: h100-or-h200
                version: "1"
                summary: Either model.
                extends: [confidential-gpu]
                rules:
                  - name: GPU is an H100 or an H200
                    replaces: GPU is an H100
                    for: gpu
                    require: gpu.model in ["H100", "H200"]
                    sets: hardware
                    because: We have both.
                """, BASELINE, GPUS);
        assertEquals(TrustTier.AFFIRMING, Devices.appraise(both, h200).status());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "9, 0", "9, 4"})
    void otherNumbersOfDevicesAreContraindicated(int gpus, int switches) {
        Map<String, Machine> devices = new LinkedHashMap<>();
        if (switches > 0) {
            devices.putAll(Devices.joined(gpus, switches));
        } else {
            for (int i = 0; i < gpus; i++) {
                devices.put("gpu" + i, Devices.h100(i));
            }
        }
        AttestationResult result = Devices.appraise(GPUS, devices);
        var failed = assertInstanceOf(Outcome.Failed.class, Bench.ruleOutcome(result, RequestRules.DEVICES));
        assertEquals("1 cpu, 1 to 8 gpu, 0 to 4 nvswitch", failed.expected());
        assertEquals("1 cpu, " + gpus + " gpu, " + switches + " nvswitch", failed.actual());
        assertEquals(TrustTier.CONTRAINDICATED, result.status());
    }

    @Test
    void numberThatIsExpectedIsSaidAlsoWhereItIsMet() {
        var passed = assertInstanceOf(
                Outcome.Passed.class,
                Bench.ruleOutcome(Devices.appraise(GPUS, Devices.joined(8, 4)), RequestRules.DEVICES));
        assertTrue(passed.because().contains("1 cpu, 8 gpu, 4 nvswitch"), passed.because());
        assertTrue(passed.because().contains("1 to 8 gpu, 0 to 4 nvswitch"), passed.because());
    }

    @Test
    void gpuWhoseGoldenValuesAreNotInHandAffirmsNothing() {
        var devices = Devices.alone(Devices.h100(0));
        AttestationResult result = Devices.appraise(
                GPUS,
                devices,
                Map.of(
                        "gpu0",
                        Map.of(FakeCheck.TCB, new Outcome.Undetermined("RIM", Outcome.Cause.NOT_FETCHED, "wait"))));
        assertEquals(TrustTier.NONE, result.status());
    }

    @Test
    void absentFwidIsWaivedForSwitchesOnly() {
        var open = new Outcome.Undetermined("FWID", Outcome.Cause.NOT_ASKED, "h");
        for (AppraisalPolicy policy : policies()) {
            var tolerances = policy.tolerances();
            assertEquals(open, tolerances.forType("nvidia-gpu").applyTo(GpuCheck.FWID, open));
            assertInstanceOf(
                    Outcome.Waived.class, tolerances.forType("nvidia-nvswitch").applyTo(GpuCheck.FWID, open));
            assertEquals(
                    Set.of("gpu.fwid@nvidia-nvswitch"), tolerances.waivers().keySet());
        }
    }

    @ParameterizedTest
    @MethodSource("machines")
    void shippedPoliciesLetNoTokenBeMade(AppraisalPolicy policy, Map<String, Machine> devices) {
        AttestationResult result = Devices.appraise(policy, devices);
        assertInstanceOf(Workload.NotPinned.class, result.workload());
        assertFalse(result.favourable());
    }

    @ParameterizedTest
    @MethodSource("machines")
    void extensionThatPinsAWorkloadMints(AppraisalPolicy policy, Map<String, Machine> devices) {
        AppraisalPolicy pinned =
                Bench.accepted("""
                policy: inference
                version: "1"
                summary: The inference service.
                extends: [%s]
                references: { images: { claim: launch_measurement, note: Release 7, values: [%s] } }
                rules:
                  - name: image is approved
                    for: cpu
                    require: cpu.launch_measurement in references.images
                    sets: executables
                    because: Only reviewed images may have the model.
                """.formatted(policy.identity().id(), Bench.MEASUREMENT), BASELINE, GPUS, STRICT);
        assertTrue(Devices.appraise(pinned, devices).favourable());
    }

    @ParameterizedTest
    @MethodSource("policies")
    void everyRuleTellsWhatToDo(AppraisalPolicy policy) {
        policy.rules().forEach(rule -> {
            assertFalse(rule.hint().isEmpty(), rule.name());
            assertFalse(rule.because().contains("  "), rule.name());
        });
    }
}
