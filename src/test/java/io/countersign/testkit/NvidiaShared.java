package io.countersign.testkit;

import io.countersign.insecure.NvidiaBoard;
import io.countersign.insecure.NvidiaMachine;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.insecure.SoftwareRim;
import java.util.Map;
import java.util.TreeMap;

/** The RIMs that most cases bring: each stands in one file, and cases refer to it, as every one of them is 21 kB. */
final class NvidiaShared {
    static final String FOLDER = "nvidia-gpu/shared/";

    /** What a reference begins with; neither base64 nor XML does. */
    private static final String REFERENCE = "@../shared/";

    private static final SoftwareNvidia NVIDIA = SoftwareNvidias.trusted();
    private static final Map<String, String> FILES = files();

    private NvidiaShared() {}

    private static Map<String, String> files() {
        var files = new TreeMap<String, String>();
        var machine = NvidiaMachine.protectedPcie(NVIDIA, "fixture");
        for (SoftwareRim rim : new SoftwareRim[] {
            SoftwareRim.driver(NVIDIA, NvidiaBoard.H100),
            SoftwareRim.vbios(NVIDIA, NvidiaBoard.H100),
            SoftwareRim.driver(NVIDIA, NvidiaBoard.B200),
            SoftwareRim.vbios(NVIDIA, NvidiaBoard.B200),
            SoftwareRim.switchBios(NVIDIA, machine.switches().getFirst())
        }) {
            files.put(rim.id() + ".xml", rim.xml());
        }
        return files;
    }

    /** Every shared file by its path under {@code fixtures/}. */
    static Map<String, String> contents() {
        var contents = new TreeMap<String, String>();
        FILES.forEach((name, text) -> contents.put(FOLDER + name, text));
        return contents;
    }

    /** A reference where the text is a shared one, the text itself otherwise. */
    static String orReference(String text) {
        return FILES.entrySet().stream()
                .filter(file -> file.getValue().equals(text))
                .map(file -> REFERENCE + file.getKey())
                .findFirst()
                .orElse(text);
    }
}
