package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.policy.Bench.FakeCheck;
import io.countersign.verifier.policy.Bench.Machine;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.result.CompositeCheck;
import io.countersign.verifier.result.TrustTier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who names whom: closed in both directions, in one mode, by authenticated claims only. */
class TopologyTest {
    private static final AppraisalPolicy ANY = Bench.accepted(
            Bench.policyWith("!cpu.debug", "any-workload: allow-because \"tests\"")
                    .replace(
                            "[sev-snp] }",
                            "[sev-snp] }, gpu: { count: { min: 0, max: 8 } }, nvswitch: { count: { min: 0, max: 4 } }"));

    private static Outcome topology(Map<String, Machine> devices) {
        return Devices.appraise(ANY, devices).compositeChecks().outcomeOf(CompositeCheck.TOPOLOGY);
    }

    private static String failed(Map<String, Machine> devices) {
        AttestationResult result = Devices.appraise(ANY, devices);
        var failed =
                assertInstanceOf(Outcome.Failed.class, result.compositeChecks().outcomeOf(CompositeCheck.TOPOLOGY));
        assertEquals(TrustTier.CONTRAINDICATED, result.status());
        assertFalse(result.favourable());
        assertTrue(failed.actual().length() < 600, failed.actual());
        return failed.actual();
    }

    private static String passed(Map<String, Machine> devices) {
        return assertInstanceOf(Outcome.Passed.class, topology(devices)).because();
    }

    private static Outcome.Undetermined open(Map<String, Machine> devices) {
        return assertInstanceOf(Outcome.Undetermined.class, topology(devices));
    }

    private static Map<String, Machine> with(Map<String, Machine> devices, String label, Machine changed) {
        var all = new LinkedHashMap<>(devices);
        all.put(label, changed);
        return all;
    }

    private static Map<String, Machine> without(Map<String, Machine> devices, String... labels) {
        var rest = new LinkedHashMap<>(devices);
        List.of(labels).forEach(rest::remove);
        return rest;
    }

    @ParameterizedTest
    @CsvSource({"8, 4", "1, 1", "2, 4"})
    void devicesThatNameEachOtherAndNobodyElsePass(int gpus, int switches) {
        var result = Devices.appraise(ANY, Devices.joined(gpus, switches));
        assertInstanceOf(Outcome.Passed.class, result.compositeChecks().outcomeOf(CompositeCheck.TOPOLOGY));
        assertTrue(result.favourable());
    }

    @Test
    void gpusThatCannotNameEachOtherPassAndItIsSaid() {
        var two = assertInstanceOf(Outcome.Passed.class, topology(Devices.alone(Devices.h100(0), Devices.h100(1))));
        assertTrue(two.because().contains("binding alone"), two.because());
        assertInstanceOf(Outcome.Passed.class, topology(Devices.alone(Devices.h100(0))));
        // Links that lead nowhere are left out of the claim.
        assertInstanceOf(
                Outcome.Passed.class, topology(Devices.alone(Devices.h100(0).with("switch_pdis", List.of()))));
    }

    @Test
    void olderDriversThatDoNotSignTheFlagPassToo() {
        var old = Devices.h100(0).without("feature_flag");
        var other = Devices.h100(1).without("feature_flag");
        assertInstanceOf(Outcome.Passed.class, topology(Devices.alone(old, other)));
        var joined = new LinkedHashMap<>(Devices.joined(8, 4));
        joined.replaceAll((label, device) -> device.without("feature_flag"));
        assertInstanceOf(Outcome.Passed.class, topology(joined));
    }

    @Test
    void switchThatIsMissingFails() {
        String actual = failed(without(Devices.joined(8, 4), "nvswitch2"));
        assertTrue(actual.contains("gpu0 names 4 switches, and 1 of them is not in this request"), actual);
        assertTrue(actual.contains(Devices.switchPdi(2)), actual);
        assertTrue(actual.endsWith("and 5 more"), actual);
    }

    @Test
    void gpuThatIsMissingFails() {
        String actual = failed(without(Devices.joined(8, 4), "gpu3"));
        assertTrue(actual.contains("nvswitch0 names 8 GPUs, and 1 of them is not in this request"), actual);
    }

    @Test
    void gpuThatIsExtraFailsFromBothSides() {
        Machine foreign = Devices.ppcie(7, 0).with("switch_pdis", List.of("cc00000000000001"));
        String actual = failed(with(Devices.joined(1, 1), "gpu1", foreign));
        assertTrue(actual.contains("gpu1 does not name nvswitch0"), actual);
        assertTrue(actual.contains("gpu1 names 1 switch, and 1 of them is not in this request"), actual);
        assertTrue(actual.contains("nvswitch0 does not name gpu1"), actual);
    }

    @Test
    void switchThatIsExtraFails() {
        Machine foreign = Devices.ls10(9, 8);
        String actual = failed(with(Devices.joined(8, 4), "nvswitch4", foreign));
        assertTrue(actual.contains("gpu0 does not name nvswitch4"), actual);
    }

    @Test
    void oneDirectionIsNotEnough() {
        Machine silent = Devices.ls10(0, 0);
        assertTrue(
                failed(with(Devices.joined(2, 1), "nvswitch0", silent)).contains("nvswitch0 does not name gpu0, gpu1"));
        Machine without = Devices.ls10(0, 2).without("gpu_pdis");
        assertTrue(failed(with(Devices.joined(2, 1), "nvswitch0", without)).contains("nvswitch0 does not name"));
    }

    @Test
    void gpuThatNamesSwitchesWantsThemInAnyMode() {
        Machine gpu = Devices.h100(0).with("switch_pdis", List.of(Devices.switchPdi(0)));
        assertTrue(failed(Devices.alone(gpu)).contains("not in this request"));
        Machine unknownMode = gpu.without("cc_mode").without("feature_flag");
        assertTrue(failed(Devices.alone(unknownMode)).contains("not in this request"));
    }

    @Test
    void ppcieGpuThatNamesNoSwitchFails() {
        assertTrue(failed(Devices.alone(Devices.ppcie(0, 0))).contains("gpu0 runs in PPCIE mode and names no switch"));
        assertTrue(
                failed(Devices.alone(Devices.ppcie(0, 0).without("switch_pdis").without("feature_flag")))
                        .contains("names no switch"));
    }

    @Test
    void switchWithoutAnyPpcieGpuFails() {
        Machine gpu = Devices.h100(0).with("switch_pdis", List.of(Devices.switchPdi(0)));
        String actual = failed(Map.of("gpu0", gpu, "nvswitch0", Devices.ls10(0, 1)));
        assertTrue(actual.contains("no GPU runs in PPCIE mode"), actual);
        assertTrue(failed(Map.of("nvswitch0", Devices.ls10(0, 0))).contains("no GPU runs in PPCIE mode"));
    }

    @ParameterizedTest
    @CsvSource({"SPT, MPT", "MPT, SPT", "SPT, PPCIE", "PPCIE, MPT", "'', PPCIE"})
    void mixedModesFail(String one, String other) {
        assertTrue(failed(Devices.alone(inMode(0, one), inMode(1, other))).contains("modes are mixed"));
    }

    @ParameterizedTest
    @CsvSource({"SPT, ''", "'', MPT"})
    void gpusOfWhichOnlySomeSayTheirModeAreOpen(String one, String other) {
        open(Devices.alone(inMode(0, one), inMode(1, other)));
    }

    @Test
    void contradictorySignsCountAsPpcie() {
        Machine gpu = Devices.h100(0).with("cc_mode", "ppcie").with("feature_flag", "SPT");
        assertTrue(failed(Devices.alone(gpu)).contains("names no switch"));
    }

    private static Machine inMode(int number, String flag) {
        Machine gpu = Devices.h100(number);
        return switch (flag) {
            case "" -> gpu.without("feature_flag");
            case "PPCIE" -> gpu.with("feature_flag", flag).with("cc_mode", "ppcie");
            default -> gpu.with("feature_flag", flag);
        };
    }

    @Test
    void gpuWhoseModeIsNotKnownIsOpen() {
        Machine unknown =
                Devices.h100(0).without("cc_mode").without("feature_flag").without("protected_pcie");
        assertTrue(open(Devices.alone(unknown, Devices.h100(1))).missing().contains("gpu0"));
    }

    /** Drivers from 550 on sign it, also where nothing shows that confidential computing is on. */
    @Test
    void gpuThatSaysItIsNotProtectedPcieIsNotJoined() {
        Machine gpu = Devices.h100(0).without("cc_mode").without("feature_flag");
        assertTrue(passed(Devices.alone(gpu)).contains("binding"));
    }

    @Test
    void rejectedDeviceLeavesItOpen() {
        Outcome wrong = new Outcome.Failed("a", "b", "c");
        AttestationResult result =
                Devices.appraise(ANY, Devices.joined(8, 4), Map.of("nvswitch1", Map.of(FakeCheck.SIGNATURE, wrong)));
        var open = assertInstanceOf(
                Outcome.Undetermined.class, result.compositeChecks().outcomeOf(CompositeCheck.TOPOLOGY));
        assertTrue(open.missing().contains("nvswitch1"), open.missing());
        assertEquals(TrustTier.CONTRAINDICATED, result.status());
    }

    @Test
    void deviceWhoseOwnIdentityIsNotKnownIsOpen() {
        var devices = with(Devices.joined(8, 4), "gpu5", Devices.ppcie(5, 4).without("pdi"));
        assertTrue(open(devices).missing().contains("gpu5"));
        assertInstanceOf(
                Outcome.Undetermined.class,
                Devices.appraise(ANY, devices).compositeChecks().outcomeOf(CompositeCheck.DEVICES_DISTINCT));
    }

    @Test
    void oneSwitchUnderFourLabelsIsNotFourSwitches() {
        var devices = new LinkedHashMap<>(Devices.joined(8, 1));
        for (int i = 1; i < 4; i++) {
            devices.put("nvswitch" + i, Devices.ls10(0, 8));
        }
        assertInstanceOf(
                Outcome.Failed.class,
                Devices.appraise(ANY, devices).compositeChecks().outcomeOf(CompositeCheck.DEVICES_DISTINCT));
    }
}
