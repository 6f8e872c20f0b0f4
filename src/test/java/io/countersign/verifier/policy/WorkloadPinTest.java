package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.policy.Bench.Machine;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.result.AttestationResult.Workload;
import io.countersign.verifier.result.TrustTier;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadPinTest {
    private static final String SETS = """
            references:
              images: { claim: launch_measurement, note: n, values: ['%s'] }
              others: { claim: launch_measurement, note: n, values: ['%s'] }
              keys: { claim: snp.id_key_digest, note: n, values: ['%s'] }
              hosts: { claim: host_data, note: n, values: ['%s'] }
              ending: { claim: launch_measurement, note: n, expires: 2026-12-01T00:00:00Z, values: ['%s'] }
            """.formatted(
                    Bench.MEASUREMENT, Bench.OTHER_MEASUREMENT, "0a".repeat(48), "ab".repeat(32), Bench.MEASUREMENT);

    private static Workload workload(String require) {
        return Bench.accepted(Bench.policyWith(require, SETS)).workload(Bench.NOW);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cpu.launch_measurement in references.images",
                "(cpu.launch_measurement in references.images)",
                "cpu.snp.id_key_digest in references.keys",
                "cpu.launch_measurement in references.images && !cpu.debug",
                "!cpu.debug && cpu.launch_measurement in references.images && cpu.snp.vmpl == 0",
                "cpu.launch_measurement in references.images || cpu.launch_measurement in references.others",
                "cpu.launch_measurement in references.images || cpu.snp.id_key_digest in references.keys && !cpu.debug",
                "cpu.debug ? cpu.launch_measurement in references.images : cpu.snp.id_key_digest in references.keys",
                "cpu.launch_measurement in references.ending",
            })
    void pins(String require) {
        assertInstanceOf(Workload.Pinned.class, workload(require));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "!cpu.debug",
                "!(cpu.launch_measurement in references.images)",
                "cpu.launch_measurement in references.images || true",
                "cpu.launch_measurement in references.images || !cpu.debug",
                "cpu.launch_measurement in references.images || cpu.snp.vmpl == 0 && !cpu.debug",
                "cpu.debug ? cpu.launch_measurement in references.images : true",
                "cpu.launch_measurement in references.images ? true : !cpu.debug",
                "cpu.host_data in references.hosts",
                "(cpu.launch_measurement in references.images) == false",
                "(cpu.launch_measurement in references.images) != cpu.debug",
                "references.images.exists(m, m == cpu.launch_measurement)",
                "references.images.all(m, cpu.launch_measurement in references.images)",
                "[].all(m, cpu.launch_measurement in references.images)",
                "cpu.launch_measurement == references.images[0]",
                "cpu.launch_measurement in [references.images[0], cpu.launch_measurement]",
                "cpu.launch_measurement in (references.images + [cpu.launch_measurement])",
                "references.images[0] in references.images",
                "!(\"x\" in references.images)",
            })
    void doesNotPin(String require) {
        assertInstanceOf(Workload.NotPinned.class, workload(require));
    }

    @Test
    void aPinEndsWithItsReferenceValues() {
        AppraisalPolicy policy = Bench.accepted(Bench.policyWith("cpu.launch_measurement in references.ending", SETS));
        assertInstanceOf(Workload.Pinned.class, policy.workload(Instant.parse("2026-11-30T23:59:59Z")));
        assertInstanceOf(Workload.NotPinned.class, policy.workload(Instant.parse("2026-12-01T00:00:00Z")));
    }

    @ParameterizedTest
    @CsvSource({
        "contraindicated, '[affirming]', true",
        "contraindicated, '[affirming, warning]', true",
        "warning, '[affirming]', true",
        "warning, '[affirming, warning]', false",
    })
    void aRuleThatOnlyWarnsIsNoPinWhereAWarningIsEnough(String otherwise, String mint, boolean pinned) {
        String source = Bench.policyWith("cpu.launch_measurement in references.images", SETS + "mint: " + mint)
                .replace("because: It", "otherwise: " + otherwise + "\n    because: It");
        assertEquals(pinned, Bench.accepted(source).workload(Bench.NOW) instanceof Workload.Pinned);
    }

    private static AppraisalPolicy forTypes(String types, String scope, String more) {
        return Bench.accepted(Bench.policyWith("cpu.launch_measurement in references.images", SETS + more)
                .replace("types: [sev-snp]", "types: [" + types + "]")
                .replace("for: sev-snp", "for: " + scope));
    }

    @Test
    void policyPinsWhenItPinsOneOfTheTypesThatItAdmits() {
        assertInstanceOf(
                Workload.Pinned.class, forTypes("sev-snp, tdx", "sev-snp", "").workload(Bench.NOW));
        assertInstanceOf(
                Workload.Pinned.class, forTypes("sev-snp, tdx", "cpu", "").workload(Bench.NOW));
        assertInstanceOf(
                Workload.NotPinned.class, forTypes("tdx, sgx", "sev-snp", "").workload(Bench.NOW));
    }

    @Test
    void resultCountsOnlyWhatPinsTheTypeOfItsEvidence() {
        AppraisalPolicy policy = forTypes("sev-snp, tdx", "sev-snp", "");
        AttestationResult pinned = Bench.appraise(policy, Bench.milanMachine());
        assertInstanceOf(Workload.Pinned.class, pinned.workload());
        assertTrue(pinned.favourable());
        assertTrue(pinned.rules().stream().noneMatch(rule -> rule.name().equals(RequestRules.PINNED)));

        AttestationResult open = Bench.appraise(policy, Bench.td());
        assertInstanceOf(Workload.NotPinned.class, open.workload());
        assertFalse(open.favourable());
        assertEquals(TrustTier.CONTRAINDICATED, open.status());
        var failed = assertInstanceOf(Outcome.Failed.class, Bench.ruleOutcome(open, RequestRules.PINNED));
        assertTrue(failed.actual().contains("tdx"), failed.actual());
    }

    @Test
    void policyThatPinsNothingSaysNothingAboutIt() {
        AttestationResult result = Bench.appraise(Bench.baseline(), Bench.td());
        assertTrue(result.rules().stream().noneMatch(rule -> rule.name().equals(RequestRules.PINNED)));
        assertEquals(TrustTier.AFFIRMING, result.status());
        assertFalse(result.favourable());
    }

    @Test
    void anyWorkloadHoldsForATypeThatIsNotPinned() {
        AppraisalPolicy policy = forTypes("sev-snp, tdx", "sev-snp", "any-workload: allow-because \"a test bench\"\n");
        assertInstanceOf(
                Workload.Pinned.class,
                Bench.appraise(policy, Bench.milanMachine()).workload());
        AttestationResult any = Bench.appraise(policy, Bench.td());
        assertEquals(new Workload.AnyBecause("a test bench"), any.workload());
        assertTrue(any.favourable());
    }

    private static Workload workload(Machine machine, String claim, String value) {
        return Bench.appraise(Bench.accepted(pinning(machine, claim, value)), machine)
                .workload();
    }

    private static String pinning(Machine machine, String claim, String value) {
        return """
                policy: small
                version: "1"
                summary: One rule.
                expect: { cpu: { types: [%s] } }
                references: { good: { claim: %s, note: n, values: ['%s'] } }
                rules:
                  - { name: the rule, for: %s, require: cpu.%s in references.good, sets: executables, because: b }
                """.formatted(machine.type(), claim, value, machine.type(), claim);
    }

    @ParameterizedTest
    @CsvSource({
        "tdx.rtmr1, '', true",
        "tdx.rtmr2, '', true",
        "tdx.rtmr1, launch_measurement, false",
        "tdx.rtmr1, tdx.mr_td, false",
        "tdx.mr_td, '', true",
        "launch_measurement, tdx.mr_td, true",
        "tdx.mr_td, tdx.rtmr2, false",
    })
    void whatIsPinnedOfATdWithoutItsFirmwareOrWithoutWhatThatStartsIsWarnedOf(
            String claim, String beside, boolean warned) {
        String more = beside.isEmpty()
                ? ""
                : "  - { name: two, for: cpu, require: cpu." + beside
                        + " in references.firmware, sets: executables, because: b }\n";
        String source = pinning(Bench.td(), claim, Bench.MEASUREMENT)
                .replace(
                        "rules:",
                        beside.isEmpty()
                                ? "rules:"
                                : "  firmware: { claim: " + beside + ", note: n, values: ['" + Bench.MEASUREMENT
                                        + "'] }\nrules:")
                .replace("references: { good: {", "references:\n  good: {")
                .replace("'] } }", "'] }");
        var reading = assertInstanceOf(
                PolicyReading.Accepted.class, Bench.PARSER.parse(source + more, PolicyParser.Library.empty()));
        assertEquals(warned ? 1 : 0, reading.warnings().size(), reading.rendered());
    }

    @ParameterizedTest
    @ValueSource(strings = {"launch_measurement", "tdx.mr_td", "tdx.rtmr1", "tdx.rtmr2"})
    void claimPinsATd(String claim) {
        assertInstanceOf(Workload.Pinned.class, workload(Bench.td(), claim, Bench.MEASUREMENT));
    }

    /** Whoever runs something else in a TD of the same firmware can bring these to any value, or they say nothing about it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "tdx.rtmr0",
                "tdx.rtmr3",
                "tdx.event_log.root_hash",
                "tdx.event_log.kernel_digest",
                "tdx.event_log.dstack.compose_hash",
            })
    void claimAloneDoesNotPinATd(String claim) {
        assertInstanceOf(Workload.NotPinned.class, workload(Bench.td(), claim, Bench.MEASUREMENT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"launch_measurement", "sgx.mr_enclave", "sgx.mr_signer"})
    void claimPinsAnEnclave(String claim) {
        assertInstanceOf(Workload.Pinned.class, workload(Bench.enclave(), claim, "5f".repeat(32)));
    }

    @Test
    void anyWorkloadRepeatsItsReasonAndYieldsToAPin() {
        String any = "any-workload: allow-because \"a test bench\"";
        assertEquals(
                new Workload.AnyBecause("a test bench"),
                Bench.accepted(Bench.policyWith("!cpu.debug", any)).workload(Bench.NOW));
        assertInstanceOf(
                Workload.Pinned.class,
                Bench.accepted(Bench.policyWith("cpu.launch_measurement in references.images", SETS + any))
                        .workload(Bench.NOW));
    }
}
