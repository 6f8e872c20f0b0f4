package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.countersign.verifier.result.AttestationResult.Workload;
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
                "\"x\" in references.images",
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
        "warning, '[warning]', false",
    })
    void aRuleThatOnlyWarnsIsNoPinWhereAWarningIsEnough(String otherwise, String mint, boolean pinned) {
        String source = Bench.policyWith("cpu.launch_measurement in references.images", SETS + "mint: " + mint)
                .replace("because: It", "otherwise: " + otherwise + "\n    because: It");
        assertEquals(pinned, Bench.accepted(source).workload(Bench.NOW) instanceof Workload.Pinned);
    }

    @Test
    void everyAdmittedTypeMustBePinned() {
        String source = Bench.policyWith("cpu.launch_measurement in references.images", SETS)
                .replace("types: [sev-snp]", "types: [sev-snp, tdx]");
        assertInstanceOf(Workload.NotPinned.class, Bench.accepted(source).workload(Bench.NOW));
        assertInstanceOf(
                Workload.Pinned.class,
                Bench.accepted(source.replace("for: sev-snp", "for: cpu")).workload(Bench.NOW));
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
