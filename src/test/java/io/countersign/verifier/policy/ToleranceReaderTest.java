package io.countersign.verifier.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.policy.Expectations.Count;
import io.countersign.verifier.tee.nvgpu.GpuCheck;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What policies may say about NVIDIA's endorsements, about one type of evidence, and about numbers of devices. */
class ToleranceReaderTest {
    private static final String WAIVED = "{check: gpu.fwid, for: nvidia-nvswitch, because: It has none.}";

    private static AppraisalPolicy tolerating(String tolerances) {
        return Bench.accepted(Bench.policyWith("!cpu.debug", "tolerate: { " + tolerances + " }"));
    }

    private static PolicyIssue refused(String more) {
        var reading = assertInstanceOf(
                PolicyReading.Refused.class,
                Bench.PARSER.parse(Bench.policyWith("!cpu.debug", more), PolicyParser.Library.empty()));
        assertEquals(1, reading.issues().size(), reading.rendered());
        return reading.issues().getFirst();
    }

    @Test
    void waiverForOneTypeCountsForThatTypeOnly() {
        var tolerances = tolerating("waive: [" + WAIVED + "]").tolerances();
        var open = new Outcome.Undetermined("FWID", Outcome.Cause.NOT_ASKED, "h");
        assertEquals(
                new Outcome.Waived("small", "It has none."),
                tolerances.forType("nvidia-nvswitch").applyTo(GpuCheck.FWID, open));
        assertEquals(open, tolerances.forType("nvidia-gpu").applyTo(GpuCheck.FWID, open));
    }

    @Test
    void oneCheckIsWaivedForTwoTypesWithTwoReasons() {
        assertEquals(
                Map.of(
                        "gpu.fwid@nvidia-nvswitch",
                        "It has none.",
                        "gpu.fwid@nvidia-gpu",
                        "old",
                        "gpu.revocation",
                        "all"),
                tolerating(
                                "waive: [" + WAIVED
                                        + ", {check: gpu.fwid, for: nvidia-gpu, because: old}, {check: gpu.revocation, because: all}]")
                        .tolerances()
                        .waivers());
    }

    @Test
    void waiverForAnUnknownTypeIsRefusedWhereItStands() {
        PolicyIssue issue = refused("tolerate:\n  waive: [{check: gpu.fwid, for: nvidia-switch, because: b}]");
        assertEquals(6, issue.line());
        assertEquals(34, issue.column());
        assertTrue(issue.suggestion().contains("nvidia-nvswitch"), issue.rendered());
    }

    @Test
    void sameWaiverTwiceIsRefused() {
        assertTrue(refused("tolerate: { waive: [" + WAIVED + ", " + WAIVED + "] }")
                .message()
                .contains("twice"));
    }

    @ParameterizedTest
    @CsvSource({"90m, PT1H30M", "24h, P1D", "7d, P7D", "168h, P7D"})
    void readsTheAgeOfOcspAnswers(String text, Duration expected) {
        assertEquals(expected, tolerating("ocsp-max-age: " + text).tolerances().ocspMaxAge());
    }

    @ParameterizedTest
    @ValueSource(strings = {"8d", "169h", "24", "1w", "-1h", "'1 d'"})
    void refusesAnyOtherAge(String text) {
        PolicyIssue issue = refused("tolerate: { ocsp-max-age: " + text + " }");
        assertTrue(issue.message().contains("ocsp-max-age"), issue.rendered());
        assertEquals(5, issue.line());
        assertEquals(27, issue.column());
    }

    @Test
    void holdNeedsAReason() {
        assertEquals(
                Optional.of("NVIDIA says so in NV-1"),
                tolerating("certificate-hold: { because: NVIDIA says so in NV-1 }")
                        .tolerances()
                        .certificateHold());
        assertTrue(refused("tolerate: { certificate-hold: {} }").message().contains("because"));
        assertTrue(refused("tolerate: { certificate-hold: yes }").message().contains("mapping"));
        assertTrue(refused("tolerate: { certificate-hold: { because: ' ' } }")
                .message()
                .contains("empty"));
    }

    private static String expecting(String count) {
        return Bench.policyWith("!cpu.debug")
                .replace("[sev-snp] }", "[sev-snp] }, gpu: { count: " + count + " }, nvswitch: { count: 4 }");
    }

    @Test
    void readsNumbersAndRangesOfDevices() {
        var expectations = Bench.accepted(expecting("{ min: 1, max: 8 }")).expectations();
        assertEquals(new Count(1, 8), expectations.gpus());
        assertEquals(new Count(4, 4), expectations.nvswitches());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ min: 2, max: 1 } | no request could meet it",
                "{ min: 1 } | needs the member \"max\"",
                "{ max: 1 } | needs the member \"min\"",
                "{ min: 1, max: 65 } | from 0 to 64",
                "{ min: -1, max: 1 } | from 0 to 64",
                "{ min: 1, max: 2, mean: 1 } | no member \"mean\"",
                "65 | from 0 to 64",
                "[1, 8] | from 0 to 64",
            })
    void refusesAnyOtherNumber(String count, String message) {
        var reading = Bench.PARSER.parse(expecting(count), PolicyParser.Library.empty());
        assertInstanceOf(PolicyReading.Refused.class, reading);
        assertEquals(1, reading.findings().size(), reading.rendered());
        assertTrue(reading.rendered().contains(message), reading.rendered());
        assertEquals(4, reading.findings().getFirst().line());
    }

    @Test
    void exactRangeIsTheNumberAlsoInTheDigest() {
        assertEquals(
                Bench.accepted(expecting("2")).identity().digest(),
                Bench.accepted(expecting("{ min: 2, max: 2 }")).identity().digest());
    }
}
