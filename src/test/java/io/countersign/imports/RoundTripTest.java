package io.countersign.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.imports.corim.CorimKey;
import io.countersign.imports.corim.MadeCorim;
import io.countersign.imports.corim.SignedCorim;
import io.countersign.insecure.NvidiaBoard;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.insecure.SoftwareRim;
import io.countersign.testkit.SoftwareNvidias;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.fixtures.Core;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyParser;
import io.countersign.verifier.policy.PolicyReading;
import io.countersign.verifier.policy.ReferenceSet;
import io.countersign.verifier.policy.ValuesFile;
import io.countersign.verifier.result.AttestationResult.Workload;
import io.countersign.verifier.trust.Signatures;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an import writes, the policy language reads, and a policy that draws it in pins by it. */
class RoundTripTest {
    private static final String A = "5f3a".repeat(24);
    private static final String B = "6e01".repeat(24);
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final List<String> HOSTILE = List.of(
            "\"\nvalues: evil\npolicy: evil",
            "\\\"\\\nrules: []",
            "x # y: [z]",
            "- a\r\n- b",
            "\u0085next\u2028line\u2029 end",
            "&a *a !!python/object %TAG ---",
            "\u0000\u0007\u001b[31m red",
            "\u202egnp.exe\u2066",
            "{}[],&*#?|-<>=!%@`'",
            "x".repeat(100_000));

    private static ValuesFile values(Imported imported) throws ImportException {
        String text = ValuesFileText.write(ValuesFileTextTest.HEADING, imported);
        PolicyReading reading = Core.POLICIES.parse("imported.yaml", text, PolicyParser.Library.empty());
        var accepted =
                assertInstanceOf(PolicyReading.AcceptedValues.class, reading, () -> reading.rendered() + "\n" + text);
        assertEquals(List.of(), accepted.warnings());
        assertEquals("payment-images", accepted.values().identity().id());
        return accepted.values();
    }

    /** A policy that draws them in and demands each of them. */
    private static AppraisalPolicy policy(Imported imported, ValuesFile values, String type) {
        var text = new StringBuilder("""
                policy: drawing
                version: "1"
                summary: Draws values in.
                expect: { cpu: { types: [%s] } }
                values-from: [payment-images]
                rules:
                """.formatted(type));
        for (ImportedSet set : imported.sets()) {
            boolean ofGpus = set.claim().endsWith("_version");
            text.append(
                    """
                      - name: %s
                        for: %s
                        require: %s.%s in references.%s
                        sets: executables
                        because: Imported.
                    """.formatted(set.name(), ofGpus ? "gpu" : type, ofGpus ? "gpu" : "cpu", set.claim(), set.name()));
        }
        PolicyReading reading =
                Core.POLICIES.parse(text.toString(), PolicyParser.Library.of(List.of(), List.of(values)));
        return assertInstanceOf(PolicyReading.Accepted.class, reading, reading::rendered)
                .policy();
    }

    private static Map<String, List<String>> bySet(Imported imported) {
        return imported.sets().stream().collect(Collectors.toMap(ImportedSet::name, set -> set.values().stream()
                .map(ImportedValue::value)
                .toList()));
    }

    private static void arrivesAndPins(Imported imported, String type, Class<? extends Workload> workload)
            throws ImportException {
        AppraisalPolicy policy = policy(imported, values(imported), type);
        assertEquals(
                bySet(imported),
                policy.references().values().stream()
                        .collect(Collectors.toMap(ReferenceSet::name, ReferenceSet::values)));
        assertInstanceOf(workload, policy.workload(NOW));
    }

    @ParameterizedTest
    @EnumSource(SnpMeasurements.Kind.class)
    void listsOfLaunchMeasurements(SnpMeasurements.Kind kind) throws ImportException {
        Imported imported = SnpMeasurements.read(
                "list.txt", Bytes.utf8("gateway 2026.11: %s\n%s  gateway 2026.10\n".formatted(A, B)), kind);
        boolean pins = !imported.sets().getFirst().claim().contains("author");
        arrivesAndPins(imported, "sev-snp", pins ? Workload.Pinned.class : Workload.NotPinned.class);
    }

    @Test
    void registersOfImages() throws ImportException {
        arrivesAndPins(
                TdxMeasurements.read(
                        "td.txt", Bytes.utf8("MRTD: %s\nRTMR1: %s\nRTMR2: %s\n".formatted(A, B, "70".repeat(48)))),
                "tdx",
                Workload.Pinned.class);
    }

    @Test
    void foldersOfRims() throws ImportException {
        SoftwareNvidia nvidia = SoftwareNvidias.trusted();
        var files = Map.of(
                "a.xml", Bytes.utf8(SoftwareRim.driver(nvidia, NvidiaBoard.H100).xml()),
                "b.xml", Bytes.utf8(SoftwareRim.vbios(nvidia, NvidiaBoard.H100).xml()));
        Imported imported = NvidiaRimFolder.read(
                "rims", files, Signatures.by(new BouncyCastleProvider()), SoftwareNvidias.anchors(), nvidia.asOf());
        ValuesFile values = values(imported);
        String text = """
                policy: drawing
                version: "1"
                summary: Draws values in.
                expect: { cpu: { types: [sev-snp] }, gpu: { count: 1 } }
                values-from: [payment-images]
                rules:
                  - name: driver
                    for: gpu
                    require: gpu.driver_version in references.driver_versions_gh100 && gpu.vbios_version in references.vbios_versions_gh100
                    sets: executables
                    because: Imported.
                """;
        var reading = Core.POLICIES.parse(text, PolicyParser.Library.of(List.of(), List.of(values)));
        var accepted = assertInstanceOf(PolicyReading.Accepted.class, reading, reading::rendered);
        var found = new LinkedHashMap<String, List<String>>();
        accepted.policy().references().forEach((name, set) -> found.put(name, set.values()));
        assertEquals(bySet(imported), found);
    }

    @Test
    void signedCorims() throws ImportException {
        CorimKey key = CorimKey.p256();
        Imported imported = SignedCorim.read("images.corim", MadeCorim.amd().signed(key), key.pinned(), MadeCorim.AT);
        arrivesAndPins(imported, "sev-snp", Workload.Pinned.class);
    }

    /** The rules that an import suggests as comments, taken out of them, make a policy. */
    @Test
    void suggestedRulesOfATdAreAcceptedAsTheyStand() throws ImportException {
        Imported imported = TdxMeasurements.read(
                "td.txt", Bytes.utf8("MRTD: %s\nRTMR1: %s\nRTMR2: %s\n".formatted(A, B, "70".repeat(48))));
        String suggested = ValuesFileText.write(ValuesFileTextTest.HEADING, imported)
                .lines()
                .filter(line -> line.startsWith("# "))
                .map(line -> line.substring(2))
                .dropWhile(line -> !line.startsWith("  - name:"))
                .collect(Collectors.joining("\n"));
        String text = """
                policy: suggested
                version: "1"
                summary: As the import says.
                expect: { cpu: { types: [tdx] } }
                values-from: [payment-images]
                rules:
                %s
                """.formatted(suggested);
        var reading = Core.POLICIES.parse(text, PolicyParser.Library.of(List.of(), List.of(values(imported))));
        var accepted = assertInstanceOf(PolicyReading.Accepted.class, reading, () -> reading.rendered() + text);
        assertInstanceOf(Workload.Pinned.class, accepted.policy().workload(NOW));
    }

    static List<String> hostile() {
        return HOSTILE;
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void hostileLabelsStayNotes(String hostile) throws ImportException {
        String json = "[{\"name\": %s, \"measurement\": \"%s\"}]".formatted(quoted(hostile), A);
        Imported imported = read(json);
        ValuesFile values = values(imported.answered(new Answer(
                java.util.Optional.of(hostile), java.util.Optional.of(hostile), java.util.Optional.empty())));
        AppraisalPolicy policy = policy(imported, values, "sev-snp");
        ReferenceSet only =
                Objects.requireNonNull(policy.references().values().iterator().next());
        assertEquals(1, policy.references().size());
        assertEquals(List.of(A), only.values());
        assertTrue(only.note().length() <= 600 && only.note().lines().count() <= 1, only.note());
    }

    private static Imported read(String json) throws ImportException {
        return SnpMeasurements.read("list.json", Bytes.utf8(json), SnpMeasurements.Kind.LAUNCH_MEASUREMENT);
    }

    private static String quoted(String text) {
        return new com.fasterxml.jackson.databind.node.TextNode(text).toString();
    }
}
