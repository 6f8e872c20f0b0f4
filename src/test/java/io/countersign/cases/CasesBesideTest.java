package io.countersign.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.testkit.Fixtures;
import io.countersign.verifier.fixtures.Core;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CasesBesideTest {
    @TempDir
    Path root = Path.of("");

    private Path folder = Path.of("");

    @BeforeEach
    void makeFolders() throws IOException {
        folder = Files.createDirectories(root.resolve("policies"));
        Files.createDirectories(folder.resolve("cases"));
        Files.writeString(root.resolve("outside.json"), text());
        Files.writeString(folder.resolve("cases/milan.json"), text());
    }

    private static String text() {
        return Fixtures.named("sev-snp/milan-v3").requestText();
    }

    private CaseSource source() {
        return Cases.besides(folder.resolve("policy.yaml"), Core.SCHEMES, name -> {
            throw new CaseException("asked for " + name);
        });
    }

    private String refusal(String name) {
        return String.valueOf(
                assertThrows(CaseException.class, () -> source().find(name)).getMessage());
    }

    @Test
    void aFileBelowTheFolderIsFound() throws CaseException {
        assertEquals("cases/milan.json", source().find("cases/milan.json").name());
        assertEquals("./cases/milan.json", source().find("./cases/milan.json").name());
    }

    @Test
    void fixturesAreAskedForWhereTheyAre() {
        assertEquals("asked for fixture:x/y", refusal("fixture:x/y"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../outside.json",
                "cases/../../outside.json",
                "cases/../cases/milan.json",
                "/etc/passwd",
                "",
                "\u0000",
                ".."
            })
    void pathsThatLeadElsewhereAreNoNames(String name) {
        assertTrue(refusal(name).contains("is not named by a path below the folder"), refusal(name));
    }

    @Test
    void aLinkOutOfTheFolderIsRefused() throws IOException {
        Files.createSymbolicLink(folder.resolve("out.json"), root.resolve("outside.json"));
        Files.createSymbolicLink(folder.resolve("up"), root);
        assertTrue(refusal("out.json").contains("leads out of the folder"), refusal("out.json"));
        assertTrue(refusal("up/outside.json").contains("leads out of the folder"), refusal("up/outside.json"));
    }

    @Test
    void linksAsKubernetesMakesThemAreFollowed() throws IOException, CaseException {
        Path data = Files.createDirectories(folder.resolve("..2026_11_23"));
        Files.writeString(data.resolve("mounted.json"), text());
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026_11_23"));
        Files.createSymbolicLink(folder.resolve("mounted.json"), Path.of("..data/mounted.json"));
        assertEquals("mounted.json", source().find("mounted.json").name());
    }

    @Test
    void whatIsMissingIsSaidWithNamesThatAreNear() {
        assertTrue(refusal("cases/milna.json").contains("near to it: cases/milan.json"), refusal("cases/milna.json"));
    }

    @Test
    void aFolderIsNoCaseAndNeitherIsWhatIsTooLarge() throws IOException {
        assertTrue(refusal("cases").contains("is not a file"), refusal("cases"));
        Files.write(folder.resolve("huge.json"), new byte[CasesBeside.MAX_BYTES + 1]);
        assertTrue(refusal("huge.json").contains("more than"), refusal("huge.json"));
        Files.createSymbolicLink(folder.resolve("circle.json"), Path.of("circle.json"));
        assertTrue(refusal("circle.json").contains("cannot be read"), refusal("circle.json"));
    }
}
