package io.countersign.verifier.policy;

import static io.countersign.verifier.policy.Bench.SNP;
import static io.countersign.verifier.policy.Bench.ruleOutcome;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.policy.Bench.FakeCheck;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.result.CompositeCheck;
import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.result.TrustworthinessClaim;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.scheme.DeviceClass;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AppraiserTest {
    private static final String RULE = "the rule";
    private static final String ANY = "any-workload: allow-because \"tests\"";
    private static final Outcome FAILED = new Outcome.Failed("good", "bad", "repair it");
    private static final Outcome NOT_FETCHED =
            new Outcome.Undetermined("the CRL", Outcome.Cause.NOT_FETCHED, "ask again");
    private static final Outcome NOT_IN_HAND =
            new Outcome.Undetermined("the CRL", Outcome.Cause.NOT_IN_HAND, "bring it");

    private static AttestationResult judge(String require, Map<String, Object> claims) {
        return Bench.appraise(Bench.accepted(Bench.policyWith(require, ANY)), claims);
    }

    private static Outcome outcome(String require, Map<String, Object> claims) {
        return ruleOutcome(judge(require, claims), RULE);
    }

    private static Map<String, Object> without(String... paths) {
        var claims = Bench.milan();
        List.of(paths).forEach(claims::remove);
        return claims;
    }

    private static Integer value(AttestationResult result, TrustworthinessClaim claim) {
        return java.util.Objects.requireNonNull(
                result.submodules().getFirst().vector().values().get(claim));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "!cpu.debug",
                "cpu.snp.vmpl == 0",
                "cpu.snp.vmpl <= 0u",
                "cpu.snp.vmpl < 1.5",
                "cpu.snp.product in [\"Milan\", \"Genoa\"]",
                "cpu.snp.notes.exists(n, n == \"b\")",
                "size(cpu.snp.notes) == 2",
                "version_at_least(cpu.snp.current_version, \"1.55.9\")",
                "version_at_least(cpu.snp.current_version, \"1.55.29\")",
                "bits_set(cpu.snp.launch_mit_vector, \"000000000000000b\")",
                "cpu.snp.made < timestamp(\"2026-12-01T00:00:00Z\")",
                "cpu.tee == \"sev-snp\" || cpu.tdx.tcb_status == \"UpToDate\"",
                "cpu.snp.product.matches(\"^Mil\")",
            })
    void ruleIsMet(String require) {
        String source = Bench.policyWith(require, ANY).replace("for: sev-snp", "for: cpu");
        AttestationResult result = Bench.appraise(Bench.accepted(source), Bench.milan());
        assertInstanceOf(Outcome.Passed.class, ruleOutcome(result, RULE));
        assertTrue(result.favourable());
        assertEquals(3, value(result, TrustworthinessClaim.EXECUTABLES));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cpu.debug",
                "version_at_least(cpu.snp.current_version, \"1.55.30\")",
                "version_at_least(cpu.snp.current_version, \"1.56.0\")",
                "version_at_least(cpu.snp.current_version, \"2.0.0\")",
                "bits_set(cpu.snp.launch_mit_vector, \"0000000000000040\")",
                "bits_set(cpu.snp.launch_mit_vector, \"8000000000000001\")",
            })
    void ruleIsNotMet(String require) {
        AttestationResult result = judge(require, Bench.milan());
        assertInstanceOf(Outcome.Failed.class, ruleOutcome(result, RULE));
        assertEquals(TrustTier.CONTRAINDICATED, result.status());
        assertEquals(96, value(result, TrustworthinessClaim.EXECUTABLES));
        assertFalse(result.favourable());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "!cpu.debug",
                "cpu.debug",
                "cpu.debug && cpu.snp.vmpl == 0",
                "cpu.debug || cpu.snp.vmpl == 1",
                "cpu.debug || !cpu.debug",
                "cpu.debug != true",
                "!(cpu.debug in [true])",
                "cpu.debug ? true : true",
                "[1].all(x, cpu.debug)",
            })
    void absentClaimThatDecidesIsNeverAPass(String require) {
        AttestationResult result = judge(require, without("debug"));
        var open = assertInstanceOf(Outcome.Undetermined.class, ruleOutcome(result, RULE));
        assertTrue(open.missing().contains("cpu.debug"), open.missing());
        assertEquals(TrustTier.NONE, result.status());
        assertEquals(0, value(result, TrustworthinessClaim.EXECUTABLES));
        assertFalse(result.favourable());
    }

    @ParameterizedTest
    @CsvSource({"cpu.debug || cpu.snp.vmpl == 0, true", "cpu.debug && cpu.snp.vmpl == 1, false"})
    void absentClaimThatDoesNotDecideIsNotMissed(String require, boolean met) {
        assertEquals(met, outcome(require, without("debug")).admits());
        assertFalse(outcome(require, without("debug")) instanceof Outcome.Undetermined);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 / cpu.snp.vmpl == 1",
                "cpu.snp.notes[7] == \"a\"",
                "version_at_least(cpu.snp.product, \"1.2.3\")",
                "bits_set(cpu.snp.launch_mit_vector, \"01\")",
                "!bits_set(cpu.snp.product, \"01\")",
                "[1,2,3,4,5,6,7,8,9,10].all(a, [1,2,3,4,5,6,7,8,9,10].all(b, [1,2,3,4,5,6,7,8,9,10].all(c, [1,2].all(d, true))))",
            })
    void evaluationErrorIsUndetermined(String require) {
        assertInstanceOf(Outcome.Undetermined.class, outcome(require, Bench.milan()));
    }

    @Test
    void absentClaimsAreBlamedOnTheFetchThatFailed() {
        AppraisalPolicy policy = Bench.accepted(Bench.policyWith("!cpu.debug", ANY));
        var claims = without("debug");
        Map<Outcome, Outcome.Cause> causes = Map.of(
                new Outcome.Passed("x"),
                Outcome.Cause.NOT_ASKED,
                NOT_IN_HAND,
                Outcome.Cause.NOT_IN_HAND,
                NOT_FETCHED,
                Outcome.Cause.NOT_FETCHED);
        causes.forEach((revocation, cause) -> {
            var result = Bench.appraise(policy, Bench.concluded(SNP, claims, Map.of(FakeCheck.REVOCATION, revocation)));
            assertEquals(cause, ((Outcome.Undetermined) ruleOutcome(result, RULE)).cause());
            assertEquals(cause == Outcome.Cause.NOT_FETCHED, result.retryCanHelp());
        });
    }

    @Test
    void warningRuleGivesAWarningThatIsStillNotFavourable() {
        String source = Bench.policyWith("cpu.debug", ANY + "\nmint: [affirming, warning]")
                .replace("because: It", "otherwise: warning\n    because: It");
        AttestationResult result = Bench.appraise(Bench.accepted(source), Bench.milan());
        assertEquals(TrustTier.WARNING, result.status());
        assertEquals(32, value(result, TrustworthinessClaim.EXECUTABLES));
        assertFalse(result.favourable(), "every rule must be met");
    }

    @ParameterizedTest
    @CsvSource({"'[affirming]', false", "'[affirming, warning]', true"})
    void warningThatAMetRuleGivesMintsOnlyWhereThePolicySaysSo(String mint, boolean favourable) {
        String source = Bench.policyWith("!cpu.debug", ANY + "\nmint: " + mint)
                .replace("because: It", "affirms: 32\n    because: It");
        AttestationResult result = Bench.appraise(Bench.accepted(source), Bench.milan());
        assertEquals(TrustTier.WARNING, result.status());
        assertEquals(favourable, result.favourable());
    }

    @ParameterizedTest
    @CsvSource({"2, 3, 3", "3, 2, 3", "2, 32, 32", "33, 31, 33", "-2, 2, -2"})
    void theWorstValueOfAClaimCounts(int first, int second, int worst) {
        String source =
                Bench.policyWith("!cpu.debug", ANY).replace("because: It", "affirms: " + first + "\n    because: It")
                        + "  - { name: two, for: cpu, require: '!cpu.migratable', sets: executables, affirms: " + second
                        + ", because: b }\n";
        AttestationResult result = Bench.appraise(Bench.accepted(source), Bench.milan());
        assertEquals(worst, value(result, TrustworthinessClaim.EXECUTABLES));
    }

    @Test
    void undeterminedRuleOutweighsAWarningAndNotAContraindication() {
        for (String otherwise : List.of("warning", "contraindicated")) {
            String source = Bench.policyWith("!cpu.debug", ANY)
                    + "  - { name: two, for: cpu, require: cpu.migratable, otherwise: " + otherwise
                    + ", sets: executables, because: b }\n";
            AttestationResult result = Bench.appraise(Bench.accepted(source), without("debug"));
            assertEquals(otherwise.equals("warning") ? 0 : 96, value(result, TrustworthinessClaim.EXECUTABLES));
        }
    }

    @Test
    void rejectedEvidenceReachesNoRule() {
        AttestationResult result = Bench.appraise(
                Bench.baseline(), Bench.concluded(SNP, Bench.milan(), Map.of(FakeCheck.SIGNATURE, FAILED)));
        assertEquals(TrustTier.CONTRAINDICATED, result.status());
        for (var claim : List.of(
                TrustworthinessClaim.HARDWARE, TrustworthinessClaim.CONFIGURATION, TrustworthinessClaim.EXECUTABLES)) {
            assertEquals(99, value(result, claim));
        }
        rulesForSnp()
                .forEach(rule ->
                        assertEquals(new Outcome.NotReached(FakeCheck.SIGNATURE), ruleOutcome(result, rule.name())));
    }

    @Test
    void unsettledEvidenceIsJudgedAndAffirmsNothing() {
        AppraisalPolicy policy = Bench.accepted(Bench.policyWith("!cpu.debug", ANY));
        AttestationResult result =
                Bench.appraise(policy, Bench.concluded(SNP, Bench.milan(), Map.of(FakeCheck.REVOCATION, NOT_FETCHED)));
        assertInstanceOf(Outcome.Passed.class, ruleOutcome(result, RULE));
        assertEquals(TrustTier.NONE, result.status());
        assertEquals(0, value(result, TrustworthinessClaim.EXECUTABLES));
        assertFalse(result.favourable());
        assertTrue(result.retryCanHelp());
    }

    @Test
    void unsettledEvidenceThatBreaksARuleIsContraindicated() {
        AppraisalPolicy policy = Bench.accepted(Bench.policyWith("cpu.debug", ANY));
        AttestationResult result =
                Bench.appraise(policy, Bench.concluded(SNP, Bench.milan(), Map.of(FakeCheck.REVOCATION, NOT_FETCHED)));
        assertEquals(TrustTier.CONTRAINDICATED, result.status());
        assertFalse(result.retryCanHelp());
    }

    @Test
    void withoutABindingNothingIsFavourableAndNothingIsContraindicated() {
        AppraisalPolicy policy = Bench.accepted(Bench.policyWith("!cpu.debug", ANY));
        Authentication cpu = Bench.concluded(
                SNP,
                Bench.milan(),
                Map.of(FakeCheck.BINDING, new Outcome.Undetermined("a nonce", Outcome.Cause.NOT_ASKED, "send one")));
        AttestationResult result = Bench.appraise(policy, cpu, Binding.none());
        assertEquals(TrustTier.NONE, result.status());
        assertFalse(result.favourable());
        assertFalse(result.retryCanHelp());
        for (Outcome outcome : List.of(
                ruleOutcome(result, RequestRules.BINDING),
                result.compositeChecks().outcomeOf(CompositeCheck.BINDING))) {
            assertEquals(
                    Outcome.Cause.NOT_ASKED,
                    assertInstanceOf(Outcome.Undetermined.class, outcome).cause());
        }
    }

    @ParameterizedTest
    @CsvSource({"'[countersign-v1]', none, false", "'[countersign-v1, nonce]', affirming, true"})
    void bindingNonceCountsOnlyWhereThePolicyListsIt(String bindings, String status, boolean favourable) {
        var nonce = new Binding(BindingMethod.NONCE, Bytes.zeros(32), Bytes.empty());
        AppraisalPolicy policy =
                Bench.accepted(Bench.policyWith("!cpu.debug", ANY + "\naccept: { bindings: " + bindings + " }"));
        AttestationResult result = Bench.appraise(policy, Bench.genuine(SNP, Bench.milan()), nonce);
        assertEquals(status, result.status().word());
        assertEquals(favourable, result.favourable());
    }

    @Test
    void policyThatListsOnlyNonceDoesNotTakeCountersignV1() {
        AppraisalPolicy policy =
                Bench.accepted(Bench.policyWith("!cpu.debug", ANY + "\naccept: { bindings: [nonce] }"));
        assertFalse(Bench.appraise(policy, Bench.milan()).favourable());
    }

    @Test
    void failedDeviceBindingFailsTheComposite() {
        AttestationResult result = Bench.appraise(
                Bench.baseline(), Bench.concluded(SNP, Bench.milan(), Map.of(FakeCheck.BINDING, FAILED)));
        assertInstanceOf(Outcome.Failed.class, result.compositeChecks().outcomeOf(CompositeCheck.BINDING));
    }

    @Test
    void bindingThatWasNotReachedIsNotReachedInTheComposite() {
        AttestationResult result = Bench.appraise(
                Bench.baseline(),
                Bench.concluded(
                        SNP, Bench.milan(), Map.of(FakeCheck.BINDING, new Outcome.NotReached(FakeCheck.SIGNATURE))));
        assertEquals(
                new Outcome.NotReached(FakeCheck.BINDING),
                result.compositeChecks().outcomeOf(CompositeCheck.BINDING));
    }

    @ParameterizedTest
    @EnumSource(CompositeCheck.class)
    void cpuAlonePassesEveryCompositeCheck(CompositeCheck check) {
        AttestationResult result = Bench.appraise(Bench.baseline(), Bench.milan());
        assertInstanceOf(Outcome.Passed.class, result.compositeChecks().outcomeOf(check));
    }

    @Test
    void evidenceOfATypeThatIsNotExpectedIsContraindicated() {
        var claims = new LinkedHashMap<String, Object>(Map.of("debug", false, "migratable", false));
        var cpu = Bench.submodule("cpu0", "tdx", DeviceClass.CPU, Bench.TDX);
        AttestationResult result = Appraiser.appraise(
                Bench.accepted(Bench.policyWith("!cpu.debug", ANY)),
                new CompositeEvidence(List.of(cpu)),
                Map.of("cpu0", Bench.genuine(Bench.TDX, claims)),
                Bench.BOUND,
                Bench.NOW);
        assertInstanceOf(Outcome.Failed.class, ruleOutcome(result, RequestRules.TYPE));
        assertEquals(TrustTier.CONTRAINDICATED, result.status());
    }

    private static AttestationResult withGpus(String expect, Map<String, String> pdis, Binding binding) {
        var devices = new java.util.ArrayList<io.countersign.verifier.scheme.Submodule>();
        devices.add(Bench.snpCpu());
        var byLabel = new LinkedHashMap<String, Authentication>();
        byLabel.put("cpu0", Bench.genuine(SNP, Bench.milan()));
        pdis.forEach((label, pdi) -> {
            devices.add(Bench.gpu(label));
            byLabel.put(
                    label,
                    Bench.genuine(
                            Bench.GPU, Map.of("pdi", Bench.hex(pdi.repeat(8)), "nonce", Bench.hex(pdi.repeat(32)))));
        });
        String source = Bench.policyWith("!cpu.debug", ANY)
                .replace("[sev-snp] }", "[sev-snp] }" + (expect.isEmpty() ? "" : ", gpu: { count: " + expect + " }"));
        return Appraiser.appraise(Bench.accepted(source), new CompositeEvidence(devices), byLabel, binding, Bench.NOW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "3"})
    void missingOrExtraDeviceIsNeverAffirming(String expected) {
        AttestationResult result = withGpus(expected, Map.of("gpu0", "01", "gpu1", "02"), Bench.BOUND);
        assertInstanceOf(Outcome.Failed.class, ruleOutcome(result, RequestRules.DEVICES));
        assertNotEquals(TrustTier.AFFIRMING, result.status());
        assertFalse(result.favourable());
    }

    @Test
    void devicesWhoseModeIsNotKnownAreNotAffirming() {
        AttestationResult result = withGpus("2", Map.of("gpu0", "01", "gpu1", "02"), Bench.BOUND);
        assertInstanceOf(Outcome.Passed.class, ruleOutcome(result, RequestRules.DEVICES));
        assertInstanceOf(Outcome.Undetermined.class, result.compositeChecks().outcomeOf(CompositeCheck.TOPOLOGY));
        assertInstanceOf(Outcome.Passed.class, result.compositeChecks().outcomeOf(CompositeCheck.DEVICES_DISTINCT));
        assertInstanceOf(Outcome.Passed.class, result.compositeChecks().outcomeOf(CompositeCheck.NONCES_AGREE));
        assertEquals(TrustTier.NONE, result.status());
    }

    @Test
    void oneDeviceUnderTwoLabelsIsToldApart() {
        AttestationResult result = withGpus("2", Map.of("gpu0", "01", "gpu1", "01"), Bench.BOUND);
        assertInstanceOf(Outcome.Failed.class, result.compositeChecks().outcomeOf(CompositeCheck.DEVICES_DISTINCT));
    }

    @Test
    void withoutABindingDifferentNoncesFail() {
        AttestationResult result = withGpus("2", Map.of("gpu0", "01", "gpu1", "02"), Binding.none());
        assertInstanceOf(Outcome.Failed.class, result.compositeChecks().outcomeOf(CompositeCheck.NONCES_AGREE));
    }

    @Test
    void expiredReferenceValuesMeetNoRule() {
        String sets = """
                references:
                  ending: { claim: launch_measurement, note: n, expires: 2026-11-23T12:00:01Z, values: ['%s'] }
                """.formatted(Bench.MEASUREMENT);
        for (String require : List.of(
                "cpu.launch_measurement in references.ending", "!(cpu.launch_measurement in references.ending)")) {
            AppraisalPolicy policy = Bench.accepted(Bench.policyWith(require, sets + ANY));
            Instant end = Bench.NOW.plusSeconds(1);
            AttestationResult live = Bench.appraise(policy, Bench.milan());
            assertEquals(Optional.of(end), live.referencesUntil());
            assertFalse(ruleOutcome(live, RULE) instanceof Outcome.Undetermined);
            AttestationResult over = Appraiser.appraise(
                    policy,
                    new CompositeEvidence(List.of(Bench.snpCpu())),
                    Map.of("cpu0", Bench.genuine(SNP, Bench.milan())),
                    Bench.BOUND,
                    end);
            var open = assertInstanceOf(Outcome.Undetermined.class, ruleOutcome(over, RULE));
            assertTrue(open.missing().contains("references.ending"), open.missing());
            assertFalse(over.favourable());
            assertFalse(over.retryCanHelp());
        }
    }

    @Test
    void referenceValuesThatNoRuleReadsLimitNothing() {
        String sets = "references: { idle: { claim: host_data, note: n, expires: 2026-12-01T00:00:00Z, values: ['"
                + "ab".repeat(32) + "'] } }\n";
        AttestationResult result =
                Bench.appraise(Bench.accepted(Bench.policyWith("!cpu.debug", sets + ANY)), Bench.milan());
        assertEquals(Optional.empty(), result.referencesUntil());
    }

    @Test
    void oneRuleResultPerRuleAndSubmodule() {
        AttestationResult result = Bench.appraise(Bench.baseline(), Bench.milan());
        for (Rule rule : Bench.baseline().rules()) {
            assertEquals(
                    rulesForSnp().contains(rule) ? 1 : 0,
                    result.rules().stream()
                            .filter(each -> each.name().equals(rule.name()))
                            .filter(each -> each.submodule().equals("cpu0"))
                            .count(),
                    rule.name());
        }
    }

    /** The baseline has rules for other types too. */
    private static List<Rule> rulesForSnp() {
        return Bench.baseline().rules().stream()
                .filter(rule -> rule.scope().types().contains("sev-snp"))
                .toList();
    }
}
