package io.countersign.testkit;

import io.countersign.insecure.NvidiaArchitecture;
import io.countersign.insecure.NvidiaBoard;
import io.countersign.insecure.NvidiaChip;
import io.countersign.insecure.SoftwareGpu;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.insecure.SoftwareOcsp;
import io.countersign.insecure.SoftwareRim;
import io.countersign.insecure.SoftwareSwitch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What most cases bring: RIMs of 21 kB each, chains, and OCSP answers. Each stands in one file, and cases refer to it, so that
 * the folder stays small.
 */
final class NvidiaShared {
    static final String FOLDER = "nvidia-gpu/shared/";

    /** What a reference begins with; neither base64 nor PEM nor XML does. */
    private static final String REFERENCE = "@../shared/";

    private static final SoftwareNvidia NVIDIA = SoftwareNvidias.trusted();

    /** Names of files by what stands in them. */
    private static final Map<String, String> NAMES = names();

    private NvidiaShared() {}

    private static Map<String, String> names() {
        var names = new HashMap<String, String>();
        var machine = NvidiaGoodCases.machine();
        for (SoftwareRim rim : List.of(
                SoftwareRim.driver(NVIDIA, NvidiaBoard.H100),
                SoftwareRim.vbios(NVIDIA, NvidiaBoard.H100),
                SoftwareRim.driver(NVIDIA, NvidiaBoard.B200),
                SoftwareRim.vbios(NVIDIA, NvidiaBoard.B200),
                SoftwareRim.switchBios(NVIDIA, machine.switches().getFirst()))) {
            names.put(rim.xml(), rim.id() + ".xml");
        }
        addDevice(names, NVIDIA.h100("fixture").chip());
        machine.gpus().stream().map(SoftwareGpu::chip).forEach(chip -> addDevice(names, chip));
        machine.switches().stream().map(SoftwareSwitch::chip).forEach(chip -> addDevice(names, chip));
        addAnswers(
                names,
                List.of("gh100-rim-signer", "gh100-rim-level-3", "gh100-rim-level-2"),
                NVIDIA.answersAbout(NVIDIA.rims(NvidiaArchitecture.HOPPER)));
        addAnswers(
                names,
                List.of("ls10-rim-signer", "ls10-rim-level-3", "ls10-rim-level-2"),
                NVIDIA.answersAbout(NVIDIA.rims(NvidiaArchitecture.LS10)));
        return Map.copyOf(names);
    }

    private static void addDevice(Map<String, String> names, NvidiaChip chip) {
        String kind = chip.architecture().product().toLowerCase(java.util.Locale.ROOT);
        names.put(chip.chainPem(), "chain-of-%s.pem".formatted(chip.name()));
        addAnswers(names, List.of(chip.name(), kind + "-level-3", kind + "-level-2"), NVIDIA.answersAbout(chip));
    }

    private static void addAnswers(Map<String, String> names, List<String> about, List<SoftwareOcsp> answers) {
        for (int i = 0; i < answers.size(); i++) {
            names.putIfAbsent(
                    NvidiaEndorsements.base64(answers.get(i).der()), "answer-about-%s.txt".formatted(about.get(i)));
        }
    }

    /** Every shared file by its path under {@code fixtures/}. */
    static Map<String, String> contents() {
        var contents = new TreeMap<String, String>();
        NAMES.forEach((text, name) -> contents.put(FOLDER + name, text));
        return contents;
    }

    /** A reference where the text is a shared one, the text itself otherwise. */
    static String orReference(String text) {
        String name = NAMES.get(text);
        return name == null ? text : REFERENCE + name;
    }
}
