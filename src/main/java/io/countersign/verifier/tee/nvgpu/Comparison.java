package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.nvgpu.rim.GoldenValue;
import io.countersign.verifier.tee.nvgpu.rim.SignedRim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The golden values of one manifest beside what the device measured.
 *
 * @param issue whether another issue of the same manifest in hand is newer
 * @param skipped a register that was left out for the reason that {@link #NVDEC_REGISTER} gives
 */
record Comparison(GpuCheck source, SignedRim rim, Issue issue, List<Mismatch> mismatches, Optional<Integer> skipped) {
    /** Holds what the video decoder's firmware measured: of no meaning, and not compared, while that is disabled. */
    static final int NVDEC_REGISTER = 35;

    /** NVIDIA signs manifests anew, with the same id and sometimes with other values. */
    enum Issue {
        NEWEST("newest"),
        OLDER("older");

        private final String word;

        Issue(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /** The first issue that matches in full, newest first; where none does, the newest with all that differs. */
    static Optional<Comparison> best(
            RimJudge.Judgement manifests, SortedMap<Integer, Bytes> measured, NvdecStatus nvdec) {
        Optional<Comparison> newest = Optional.empty();
        for (SignedRim rim : manifests.usable()) {
            Issue issue = newest.isEmpty() ? Issue.NEWEST : Issue.OLDER;
            Comparison comparison = of(manifests.demand().check(), rim, issue, measured, nvdec);
            if (comparison.mismatches().isEmpty()) {
                return Optional.of(comparison);
            }
            newest = newest.or(() -> Optional.of(comparison));
        }
        return newest;
    }

    private static Comparison of(
            GpuCheck source, SignedRim rim, Issue issue, SortedMap<Integer, Bytes> measured, NvdecStatus nvdec) {
        var mismatches = new ArrayList<Mismatch>();
        Optional<Integer> skipped = Optional.empty();
        for (Map.Entry<Integer, GoldenValue> entry : rim.manifest().golden().entrySet()) {
            int index = entry.getKey();
            if (index == NVDEC_REGISTER && nvdec == NvdecStatus.DISABLED) {
                skipped = Optional.of(index);
                continue;
            }
            Optional<Bytes> runtime = Optional.ofNullable(measured.get(index));
            boolean unknown = index == NVDEC_REGISTER && nvdec == NvdecStatus.UNKNOWN;
            boolean equal =
                    runtime.filter(entry.getValue().alternatives()::contains).isPresent();
            if (unknown || !equal) {
                mismatches.add(new Mismatch(entry.getValue(), runtime, source));
            }
        }
        return new Comparison(source, rim, issue, mismatches, skipped);
    }

    /** How many golden values there are, the one left out included. */
    int count() {
        return rim.manifest().golden().size();
    }
}
