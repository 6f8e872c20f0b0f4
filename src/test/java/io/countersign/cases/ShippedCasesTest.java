package io.countersign.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.service.wiring.TrialCases;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShippedCasesTest {
    private static final CaseSource SHIPPED = TrialCases.shipped();

    static List<String> names() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ShippedCasesTest.class.getResourceAsStream("/fixtures/names.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyCaseThatShipsCanBeRead(String name) throws CaseException {
        Case read = SHIPPED.find("fixture:" + name);
        assertEquals("fixture:" + name, read.name());
        assertSame(read, SHIPPED.find("fixture:" + name));
    }

    @Test
    void theListNamesExactlyWhatIsPacked() throws IOException {
        Path packed = Path.of("target/classes/fixtures");
        try (Stream<Path> files = Files.walk(packed)) {
            var found = new TreeSet<String>();
            files.filter(file -> file.endsWith("case.json"))
                    .map(file -> packed.relativize(Objects.requireNonNull(file.getParent()))
                            .toString())
                    .forEach(found::add);
            assertEquals(new TreeSet<>(names()), found);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fixture:sev-snp/milan-v33",
                "fixture:",
                "fixture:../insecure-anchors.pem",
                "fixture:sev-snp/../sev-snp/milan-v3",
                "fixture:/fixtures/sev-snp/milan-v3",
                "sev-snp/milan-v3"
            })
    void whatDoesNotShipIsSaidWithNamesThatAreNear(String name) {
        String said = String.valueOf(
                assertThrows(CaseException.class, () -> SHIPPED.find(name)).getMessage());
        assertTrue(said.contains("no case " + name + " ships; near to it: fixture:"), said);
    }

    /** The published keys of the laboratory must never speak for a machine that the service judges. */
    @Test
    void onlyThisPackageReadsTheAnchorsThatShip() throws IOException {
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            List<Path> readers = sources.filter(file -> file.toString().endsWith(".java"))
                    .filter(ShippedCasesTest::namesTheAnchors)
                    .toList();
            assertEquals(List.of(Path.of("src/main/java/io/countersign/cases/ShippedCases.java")), readers);
        }
    }

    private static boolean namesTheAnchors(Path source) {
        try {
            return Files.readString(source).contains("insecure-anchors");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
