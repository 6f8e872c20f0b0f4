package io.countersign.verifier.tee.tdx.collateral;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts into words what a verdict asks of whoever runs the platform. */
final class TcbAdvice {
    /** SGX components and the PCE's number are what the PCK certificate says they are. */
    private static final String NEW_CERTIFICATE =
            "Afterwards let the platform fetch a new PCK certificate: the old one goes on stating the old TCB";

    private static final String SETTINGS = "Change the platform's settings, usually those of the BIOS";
    private static final String HARDENING =
            "Build the software that runs there with the mitigations that Intel describes";
    private static final String RELAUNCH =
            "Restart the TD: its host was updated after the TD was launched, and a TD states "
                    + "the TDX module that it was launched under";

    private final TcbVerdict verdict;

    TcbAdvice(TcbVerdict verdict) {
        this.verdict = verdict;
    }

    String text() {
        var sentences = new ArrayList<String>();
        switch (verdict.status()) {
            case UP_TO_DATE -> sentences.add("Nothing is to be done");
            case SW_HARDENING_NEEDED -> sentences.add(HARDENING + advisories());
            case CONFIGURATION_NEEDED -> settings(sentences);
            case CONFIGURATION_AND_SW_HARDENING_NEEDED -> {
                settings(sentences);
                sentences.add(HARDENING);
            }
            case OUT_OF_DATE -> updates(sentences);
            case OUT_OF_DATE_CONFIGURATION_NEEDED -> {
                updates(sentences);
                sentences.add(SETTINGS + advisories());
            }
            case TD_RELAUNCH_ADVISED -> sentences.add(RELAUNCH);
            case TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED -> {
                sentences.add(RELAUNCH);
                sentences.add(SETTINGS + advisories());
            }
            case REVOKED -> {
                sentences.add("Do not trust this platform as it is: Intel has revoked the level" + parts(" of the "));
                updates(sentences);
            }
            case TCB_LEVEL_NOT_SUPPORTED -> unsupported(sentences);
            case TDX_MODULE_MISMATCH -> mismatch(sentences);
        }
        return String.join(". ", sentences) + ".";
    }

    private void settings(List<String> sentences) {
        sentences.add(SETTINGS + advisories());
        for (Shortfall each : verdict.shortfalls()) {
            sentences.add("Intel's better level differs in this: " + each);
        }
    }

    private void updates(List<String> sentences) {
        Map<String, List<String>> byRemedy = new LinkedHashMap<>();
        for (Shortfall each : verdict.shortfalls()) {
            byRemedy.computeIfAbsent(each.remedy(), _ -> new ArrayList<>()).add(each.toString());
        }
        byRemedy.forEach((remedy, details) -> sentences.add(remedy + ": " + String.join(", ", details)));
        if (byRemedy.isEmpty()) {
            sentences.add("Wait for an update from Intel: no level that it lists is better" + advisories());
        } else if (verdict.shortfalls().stream().anyMatch(TcbAdvice::isOfCertificate)) {
            sentences.add(NEW_CERTIFICATE);
        }
    }

    private void unsupported(List<String> sentences) {
        if (verdict.shortfalls().isEmpty()) {
            sentences.add("Bring collateral of the quote's own kind: what is there is for another kind of TEE");
            return;
        }
        sentences.add("Every level that Intel lists is newer" + parts(" than the "));
        updates(sentences);
    }

    private void mismatch(List<String> sentences) {
        for (Mismatch each : verdict.moduleMismatches()) {
            sentences.add(each.toString());
        }
        sentences.add(
                "Run a TDX module that Intel has signed and lists, or, if this one is newer than the TCB info, fetch "
                        + "newer TCB info");
    }

    /** The number comes with the PCK certificate, unlike those that the quote itself states. */
    private static boolean isOfCertificate(Shortfall each) {
        return each.part() == TcbPart.PLATFORM && !each.component().contains("TDX");
    }

    private String parts(String before) {
        List<String> parts = verdict.parts()
                .filter(part -> part.status() == verdict.status())
                .map(part -> part.part().text())
                .toList();
        return parts.isEmpty() ? "" : before + String.join(" and the ", parts);
    }

    private String advisories() {
        List<String> ids = verdict.advisoryIds();
        return ids.isEmpty() ? "" : ", as told in " + String.join(", ", ids);
    }
}
