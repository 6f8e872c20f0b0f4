package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Findings;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.tee.nvgpu.rim.SignedRim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** {@code gpu.measurements}: the golden values of all manifests beside what the device measured. */
final class MeasurementJudge {
    /** Told one by one up to here; beyond it their numbers alone are told. */
    private static final int MOST_TOLD = 4;

    /**
     * Said by NVIDIA's staff to cover, in part, the mode that is stored in the device (NVIDIA/nvtrust, issue 132): it differs
     * when a GPU runs in DevTools mode, and after some changes of mode.
     */
    static final int MODE_REGISTER = 9;

    private MeasurementJudge() {}

    /**
     * How comparing ended.
     *
     * @param comparisons one for each kind of manifest that counts
     * @param unreferenced registers that hold something and have no golden value; empty while a manifest is missing
     */
    record Judgement(Outcome outcome, List<Comparison> comparisons, Optional<List<Integer>> unreferenced) {
        List<Integer> mismatched() {
            return comparisons.stream()
                    .flatMap(comparison -> comparison.mismatches().stream())
                    .map(Mismatch::index)
                    .sorted()
                    .toList();
        }

        Optional<Comparison> of(GpuCheck source) {
            return comparisons.stream()
                    .filter(comparison -> comparison.source() == source)
                    .findFirst();
        }

        /** The manifests that the verdict rests on. */
        List<SignedRim> rims() {
            return comparisons.stream().map(Comparison::rim).toList();
        }
    }

    static Judgement judge(List<RimJudge.Judgement> manifests, SortedMap<Integer, Bytes> measured, NvdecStatus nvdec) {
        List<Comparison> comparisons = manifests.stream()
                .flatMap(judgement -> Comparison.best(judgement, measured, nvdec).stream())
                .toList();
        Optional<List<Integer>> unreferenced = comparisons.size() == manifests.size()
                ? Optional.of(unreferenced(comparisons, measured))
                : Optional.empty();
        return new Judgement(outcome(manifests, comparisons, nvdec), comparisons, unreferenced);
    }

    private static List<Integer> unreferenced(List<Comparison> comparisons, SortedMap<Integer, Bytes> measured) {
        return measured.entrySet().stream()
                .filter(entry -> !entry.getValue().isAllZero())
                .map(entry -> entry.getKey())
                .filter(index -> comparisons.stream()
                        .noneMatch(each -> each.rim().manifest().golden().containsKey(index)))
                .toList();
    }

    private static Outcome outcome(
            List<RimJudge.Judgement> manifests, List<Comparison> comparisons, NvdecStatus nvdec) {
        var mismatches = comparisons.stream()
                .flatMap(comparison -> comparison.mismatches().stream())
                .toList();
        if (!mismatches.isEmpty()) {
            return differing(mismatches, nvdec);
        }
        var conflicts = conflicts(comparisons);
        if (!conflicts.isEmpty()) {
            return new Outcome.Failed(
                    "no register that both manifests have golden values for",
                    "both have some for " + conflicts,
                    "One of the manifests is not for this device: discard the copies and fetch them anew.");
        }
        var findings = new Findings();
        for (RimJudge.Judgement manifest : manifests) {
            findings.add(
                    switch (manifest.outcome()) {
                        case Outcome.Passed passed -> passed;
                        case Outcome.Undetermined(String _, Outcome.Cause cause, String _) ->
                            new Outcome.Undetermined(
                                    "golden values of %s"
                                            .formatted(manifest.demand().what()),
                                    cause,
                                    "See %s."
                                            .formatted(manifest.demand().check().code()));
                        case Outcome.Failed _, Outcome.NotReached _, Outcome.Waived _ ->
                            new Outcome.NotReached(manifest.demand().check());
                    });
        }
        Outcome concluded = findings.conclude("");
        return concluded instanceof Outcome.Passed ? new Outcome.Passed(passed(comparisons)) : concluded;
    }

    private static Set<Integer> conflicts(List<Comparison> comparisons) {
        var seen = new TreeSet<Integer>();
        var twice = new TreeSet<Integer>();
        comparisons.forEach(comparison -> comparison.rim().manifest().golden().keySet().stream()
                .filter(index -> !seen.add(index))
                .forEach(twice::add));
        return twice;
    }

    private static String passed(List<Comparison> comparisons) {
        int count = comparisons.stream().mapToInt(Comparison::count).sum();
        String counts = comparisons.stream()
                .map(comparison -> "%d of %s".formatted(comparison.count(), name(comparison.source())))
                .collect(Collectors.joining(" and "));
        String skipped = comparisons.stream()
                .flatMap(comparison -> comparison.skipped().stream())
                .map(" Register %d was not compared, because the video decoder is disabled."::formatted)
                .collect(Collectors.joining());
        String older = comparisons.stream()
                .filter(comparison -> comparison.issue() == Comparison.Issue.OLDER)
                .map(comparison ->
                        " An older issue of %s matched, and the newest does not.".formatted(name(comparison.source())))
                .collect(Collectors.joining());
        return "All %d golden values are what the device measured: %s.%s%s".formatted(count, counts, skipped, older);
    }

    private static Outcome differing(List<Mismatch> mismatches, NvdecStatus nvdec) {
        return new Outcome.Failed(
                told(mismatches, Mismatch::expected), told(mismatches, Mismatch::actual), hint(mismatches, nvdec));
    }

    private static String told(List<Mismatch> mismatches, Function<Mismatch, String> one) {
        String told = mismatches.stream().limit(MOST_TOLD).map(one).collect(Collectors.joining("; "));
        return mismatches.size() <= MOST_TOLD
                ? told
                : told
                        + "; and registers "
                        + mismatches.stream()
                                .skip(MOST_TOLD)
                                .map(mismatch -> Integer.toString(mismatch.index()))
                                .collect(Collectors.joining(", "));
    }

    private static String name(GpuCheck source) {
        return source == GpuCheck.DRIVER_RIM ? "the driver's RIM" : "the VBIOS's RIM";
    }

    /** Which firmware is likely at fault, because the numbers of registers tell nobody. */
    private static String hint(List<Mismatch> mismatches, NvdecStatus nvdec) {
        var sentences = new ArrayList<String>();
        var indexes = mismatches.stream().map(Mismatch::index).toList();
        if (nvdec == NvdecStatus.UNKNOWN && indexes.contains(Comparison.NVDEC_REGISTER)) {
            sentences.add(
                    "The report does not say whether the video decoder is in use, so register 35 cannot be judged.");
        }
        if (indexes.contains(MODE_REGISTER)) {
            sentences.add(
                    "Register 9 covers the mode stored in the GPU: it differs in DevTools mode, and sometimes after a"
                            + " change of mode. Set confidential computing to \"on\" from the host, and reset the GPU.");
        }
        String vbios = ofSource(mismatches, GpuCheck.VBIOS_RIM);
        if (!vbios.isEmpty()) {
            sentences.add(vbios
                    + " of the VBIOS (of a switch: its BIOS): it is not the released one of this version, or NVIDIA"
                    + " issued its RIM anew: use the current RIM, or install the firmware again.");
        }
        String driver = ofSource(mismatches, GpuCheck.DRIVER_RIM);
        if (!driver.isEmpty()) {
            sentences.add(
                    driver + " of the driver and the firmware it loads: it is not the released one of this version:"
                            + " install it again from NVIDIA's packages.");
        }
        return String.join(" ", sentences);
    }

    private static String ofSource(List<Mismatch> mismatches, GpuCheck source) {
        var indexes = mismatches.stream()
                .filter(mismatch -> mismatch.source() == source)
                .map(mismatch -> Integer.toString(mismatch.index()))
                .toList();
        return indexes.isEmpty()
                ? ""
                : (indexes.size() == 1 ? "Register " : "Registers ")
                        + String.join(", ", indexes)
                        + (indexes.size() == 1 ? " is one" : " are some");
    }
}
