package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.tee.nvgpu.report.AttestationReport;
import io.countersign.verifier.tee.nvgpu.report.GpuStatement;
import io.countersign.verifier.tee.nvgpu.report.MeasurementsRequest;
import io.countersign.verifier.tee.nvgpu.report.OpaqueData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code gpu.format}: what can be parsed and must not be believed, because it was not asked for or contradicts itself. */
final class ReportFormat {
    private static final int SIGNATURE_REQUESTED = 1;
    private static final int ALL_MEASUREMENTS = 0xFF;
    private static final int NEWEST_LEGACY_VERSION = 1;

    static final int ENABLED = 0xAA;
    static final int DISABLED = 0x55;

    private static final Outcome PASSED = new Outcome.Passed(
            "A signed answer about all measurements was asked for, and nothing in it contradicts itself.");

    private ReportFormat() {}

    static Outcome judge(DeviceEvidence evidence, Optional<DeviceIdentity> identity) {
        var findings = new ArrayList<String>();
        exchange(evidence.report(), findings);
        counts(evidence, findings);
        version(evidence.report().opaque(), findings);
        if (evidence.statement() instanceof DeviceStatement.Gpu(GpuStatement said)) {
            mode(said, evidence.report().opaque(), findings);
        }
        label(evidence, identity, findings);
        return findings.isEmpty()
                ? PASSED
                : new Outcome.Failed(
                        "a report that asks for everything signed, in a version that is known, free of contradictions",
                        String.join("; ", findings),
                        "Collect the evidence again with NVIDIA's own library, and send it unaltered. If it comes out the same,"
                                + " the device's firmware is newer than this service, or is not to be believed.");
    }

    /** DSP0274 1.1, GET_MEASUREMENTS: without these, less may be answered, and without a signature. */
    private static void exchange(AttestationReport report, List<String> findings) {
        MeasurementsRequest request = report.request();
        if (request.param1() != SIGNATURE_REQUESTED) {
            findings.add("Param1 of the request is 0x%02x, not 0x01: no signature was asked for"
                    .formatted(request.param1()));
        }
        if (request.param2() != ALL_MEASUREMENTS) {
            findings.add("Param2 of the request is 0x%02x, not 0xff: not all measurements were asked for"
                    .formatted(request.param2()));
        }
        if (request.slotId() != 0) {
            findings.add("the request names certificate slot %d, not 0".formatted(request.slotId()));
        }
        if (report.response().param1() != 0 || report.response().param2() != 0) {
            findings.add("Param1 and Param2 of the response are 0x%02x and 0x%02x, not zero"
                    .formatted(report.response().param1(), report.response().param2()));
        }
    }

    /** A register that was never extended holds zeros, and no other does: so on every genuine report. */
    private static void counts(DeviceEvidence evidence, List<String> findings) {
        List<Long> counts = evidence.statement().measurementCounts();
        evidence.report().response().measurements().forEach((index, value) -> {
            if (index < counts.size() && value.isAllZero() != (counts.get(index) == 0)) {
                findings.add("MSRSCNT says that register %d was extended %d times, yet it holds %s"
                        .formatted(index, counts.get(index), value.isAllZero() ? "zeros" : "a value"));
            }
        });
    }

    private static void version(OpaqueData opaque, List<String> findings) {
        if (opaque.layout() == OpaqueData.Layout.LEGACY
                && opaque.version()
                        .filter(version -> version > NEWEST_LEGACY_VERSION)
                        .isPresent()) {
            findings.add("the opaque data is of version %d, and the newest known in this layout is %d"
                    .formatted(opaque.version().get(), NEWEST_LEGACY_VERSION));
        }
    }

    private static void mode(GpuStatement said, OpaqueData opaque, List<String> findings) {
        Optional<Integer> pcie = said.protectedPcieStatus();
        if (pcie.filter(status -> status != ENABLED && status != DISABLED).isPresent()) {
            findings.add("PROTECTED_PCIE_STATUS is 0x%02x, neither 0xaa nor 0x55".formatted(pcie.get()));
            return;
        }
        Optional<FeatureFlag> flag = FeatureFlag.of(said, opaque);
        if (flag.isPresent() && pcie.isPresent() && (flag.get() == FeatureFlag.PPCIE) != (pcie.get() == ENABLED)) {
            findings.add("FEATURE_FLAG is %s and PROTECTED_PCIE_STATUS is 0x%02x".formatted(flag.get(), pcie.get()));
        }
    }

    private static void label(DeviceEvidence evidence, Optional<DeviceIdentity> identity, List<String> findings) {
        evidence.arch().ifPresent(word -> {
            Optional<Architecture> said = Architecture.ofWord(word);
            boolean fits = identity.map(found -> said.filter(found.architecture()::equals))
                    .orElse(said.filter(
                            each -> each.device() == evidence.statement().device()))
                    .isPresent();
            if (!fits) {
                findings.add("\"arch\" says %s, and the evidence is of %s"
                        .formatted(
                                printable(word),
                                identity.map(found -> found.architecture().name())
                                        .orElse(evidence.statement().device().words())));
            }
        });
    }

    private static String printable(String word) {
        return word.matches("[A-Za-z0-9_-]{1,32}") ? word : "0x" + Bytes.utf8(word);
    }
}
