package io.countersign.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.insecure.NvidiaBoard;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.insecure.SoftwareRim;
import io.countersign.testkit.SoftwareNvidias;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.TrustAnchors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class NvidiaRimFolderTest {
    private static final SoftwareNvidia NVIDIA = SoftwareNvidias.trusted();
    private static final Signatures SIGNATURES = Signatures.by(new BouncyCastleProvider());

    private static SoftwareRim driver() {
        return SoftwareRim.driver(NVIDIA, NvidiaBoard.H100);
    }

    private static SoftwareRim vbios() {
        return SoftwareRim.vbios(NVIDIA, NvidiaBoard.H100);
    }

    private static Imported read(Map<String, Bytes> files, Instant at) throws ImportException {
        return NvidiaRimFolder.read("rims", files, SIGNATURES, SoftwareNvidias.anchors(), at);
    }

    private static String refusal(Map<String, Bytes> files, Instant at) {
        return String.valueOf(
                assertThrows(ImportException.class, () -> read(files, at)).getMessage());
    }

    @Test
    void versionsOfVerifiedRimsBecomeSets() throws ImportException {
        Imported imported = read(
                Map.of(
                        "a.xml", Bytes.utf8(driver().xml()),
                        "b.swidtag", Bytes.utf8(vbios().xml()),
                        "README.md", Bytes.utf8("x")),
                NVIDIA.asOf());
        assertEquals(
                List.of("driver_versions_gh100", "vbios_versions_gh100"),
                imported.sets().stream().map(ImportedSet::name).toList());
        assertEquals(
                List.of("driver_version", "vbios_version"),
                imported.sets().stream().map(ImportedSet::claim).toList());
        assertEquals(
                List.of(NvidiaBoard.H100.driver(), NvidiaBoard.H100.vbios()),
                imported.sets().stream()
                        .map(set -> set.values().getFirst().value())
                        .toList());
        String note = imported.sets().getFirst().values().getFirst().note();
        assertTrue(note.contains("GH100 GPU, a.xml") && note.contains("issued"), note);
        assertTrue(
                imported.notes().getFirst().contains("Revocation was not asked"),
                imported.notes().toString());
        assertTrue(
                imported.notes().getLast().endsWith("README.md"),
                imported.notes().toString());
    }

    @Test
    void oneRimThatCannotBeVerifiedRefusesTheFolderByItsName() {
        var other = SoftwareRim.driver(SoftwareNvidias.foreign(), NvidiaBoard.H100);
        for (String bad : List.of(
                driver().document(text -> text.replace("GH100", "GH101")).xml(), other.xml(), "<a/>", "")) {
            String why = refusal(
                    Map.of("good.xml", Bytes.utf8(vbios().xml()), "zz-bad.xml", Bytes.utf8(bad)), NVIDIA.asOf());
            assertTrue(why.startsWith("zz-bad.xml: this RIM cannot be verified: "), why);
        }
    }

    @Test
    void signersOutsideOfTheirWindowsAreRefused() {
        String why = refusal(Map.of("a.xml", Bytes.utf8(driver().xml())), Instant.parse("2099-01-01T00:00:00Z"));
        assertTrue(why.startsWith("a.xml: this RIM does not count any more"), why);
    }

    @Test
    void versionsThatAreNoneAreRefused() {
        String why = refusal(
                Map.of(
                        "a.xml",
                        Bytes.utf8(driver().meta("colloquialVersion", "newest").xml())),
                NVIDIA.asOf());
        assertTrue(why.contains("version \"newest\""), why);
    }

    @Test
    void emptyFolderAndMissingAnchorsAreRefused() {
        assertTrue(refusal(Map.of(), NVIDIA.asOf()).contains("there is no RIM in it"));
        var e = assertThrows(
                ImportException.class,
                () -> NvidiaRimFolder.read("rims", Map.of(), SIGNATURES, TrustAnchors.none(), NVIDIA.asOf()));
        assertTrue(String.valueOf(e.getMessage()).contains("no root of NVIDIA's RIMs is pinned"), e.getMessage());
    }

    @Test
    void genuineRimsAreImported() throws IOException, ImportException {
        Path folder = Path.of(System.getProperty("countersign.evidence", "../shared/evidence"), "nvidia-gpu");
        Assumptions.assumeTrue(Files.isDirectory(folder), "the genuine captures are not at hand: " + folder);
        TrustAnchors anchors = TrustAnchors.parse(
                "# anchor: nvidia-rim-root\n" + Files.readString(folder.resolve("nvidia_rim_root.pem")),
                TrustAnchors.Origin.LABORATORY);
        Instant at = Instant.parse("2024-06-01T00:00:00Z");
        var good = new TreeMap<String, Bytes>();
        int refused = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path each : files.filter(file -> file.toString().matches(".*\\.(xml|swidtag)"))
                    .sorted()
                    .toList()) {
                String name = each.getFileName().toString();
                Bytes content = Bytes.copyOf(Files.readAllBytes(each));
                try {
                    NvidiaRimFolder.read("one", Map.of(name, content), SIGNATURES, anchors, at);
                    good.put(name, content);
                } catch (ImportException e) {
                    assertTrue(String.valueOf(e.getMessage()).startsWith(name + ": this RIM "), e.getMessage());
                    refused++;
                }
            }
        }
        Imported imported = NvidiaRimFolder.read("genuine", good, SIGNATURES, anchors, at);
        ImportedSet vbios = imported.sets().stream()
                .filter(set -> set.name().equals("vbios_versions_gh100"))
                .findFirst()
                .orElseThrow();
        assertTrue(vbios.values().stream().anyMatch(value -> value.value().equals("96.00.5E.00.01")));
        assertTrue(good.size() >= 10, "only " + good.keySet());
        assertTrue(refused > 0, "the damaged RIM is among the captures");
        assertEquals(
                4,
                ValuesFileTextTest.yaml(ValuesFileText.write(ValuesFileTextTest.HEADING, imported))
                        .size());
    }
}
