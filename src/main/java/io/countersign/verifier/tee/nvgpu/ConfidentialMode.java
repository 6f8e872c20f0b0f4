package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.tee.nvgpu.report.GpuStatement;
import io.countersign.verifier.tee.nvgpu.report.OpaqueData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * In which mode a GPU says that it runs, and how well that is known. A genuine report exists only in the modes for
 * confidential computing, because the driver refuses to give one out otherwise; only newer reports say which it is.
 *
 * @param mode empty when nothing that is signed tells
 * @param sources everything that was looked at, with what it says
 */
record ConfidentialMode(Optional<Mode> mode, Strength strength, ModeRegister register, List<String> sources) {
    /** What protects the GPU's memory and what goes over the bus. */
    enum Mode {
        /** Confidential computing, for one GPU or for several. */
        ON,
        /** Protected PCIe: the GPU's memory is protected, the links between GPUs are not encrypted. */
        PPCIE
    }

    /** How the mode is known. */
    enum Strength {
        /** The report says it in a field of its own: FEATURE_FLAG. */
        SIGNED,
        /** The report exists, and the register that covers the stored mode has its golden value. */
        INFERRED
    }

    /** How the register that covers the stored mode compares with its golden value. */
    enum ModeRegister {
        MATCHED("matched"),
        DIFFERS("differs"),
        NOT_COMPARED("not-compared");

        private final String word;

        ModeRegister(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    static ConfidentialMode of(GpuStatement said, OpaqueData opaque, MeasurementJudge.Judgement measurements) {
        ModeRegister register = register(measurements);
        Optional<FeatureFlag> flag = FeatureFlag.of(said, opaque);
        List<String> sources = sources(said, flag, register);
        if (flag.isPresent()) {
            Mode mode = flag.get() == FeatureFlag.PPCIE ? Mode.PPCIE : Mode.ON;
            return new ConfidentialMode(Optional.of(mode), Strength.SIGNED, register, sources);
        }
        // A flag that is there and cannot be read is not the same as none: nothing is inferred beside it.
        boolean unreadable = said.featureFlag().isPresent();
        Optional<Mode> inferred = register == ModeRegister.MATCHED && !unreadable
                ? Optional.of(saysPpcie(said) ? Mode.PPCIE : Mode.ON)
                : Optional.empty();
        return new ConfidentialMode(inferred, Strength.INFERRED, register, sources);
    }

    /** The oldest drivers have no PROTECTED_PCIE_STATUS, and name their switches in that mode alone. */
    private static boolean saysPpcie(GpuStatement said) {
        return said.protectedPcieStatus()
                .map(status -> status == ReportFormat.ENABLED)
                .orElse(!said.switchPdis().isEmpty());
    }

    private static ModeRegister register(MeasurementJudge.Judgement measurements) {
        Optional<Comparison> vbios = measurements
                .of(GpuCheck.VBIOS_RIM)
                .filter(comparison -> comparison.rim().manifest().golden().containsKey(MeasurementJudge.MODE_REGISTER));
        return vbios.map(comparison -> comparison.mismatches().stream()
                                .anyMatch(mismatch -> mismatch.index() == MeasurementJudge.MODE_REGISTER)
                        ? ModeRegister.DIFFERS
                        : ModeRegister.MATCHED)
                .orElse(ModeRegister.NOT_COMPARED);
    }

    private static List<String> sources(GpuStatement said, Optional<FeatureFlag> flag, ModeRegister register) {
        var sources = new ArrayList<String>();
        sources.add(flag.map(each -> "signed: FEATURE_FLAG is " + each).orElseGet(() -> said.featureFlag()
                .map("not usable: FEATURE_FLAG is %d, or its version of the opaque data has none"::formatted)
                .orElse("absent: FEATURE_FLAG")));
        sources.add(said.protectedPcieStatus()
                .map("signed: PROTECTED_PCIE_STATUS is 0x%02x"::formatted)
                .orElse("absent: PROTECTED_PCIE_STATUS"));
        sources.add("%s: register %d, which covers the stored mode in part"
                .formatted(
                        switch (register) {
                            case MATCHED -> "matches its golden value";
                            case DIFFERS -> "differs from its golden value";
                            case NOT_COMPARED -> "not compared";
                        },
                        MeasurementJudge.MODE_REGISTER));
        sources.add("inferred: the driver gives out reports in these modes only");
        sources.add("not shown by any evidence: DevTools mode has no field of its own");
        return List.copyOf(sources);
    }
}
