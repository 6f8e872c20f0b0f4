package io.countersign.service.policies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.countersign.service.policies.FolderReading.Found;
import io.countersign.service.policies.FolderReading.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one reading of the folder finds. */
class PolicyFolderTest {
    @TempDir
    private Path root = Path.of("");

    private Path folder = Path.of("");

    @BeforeEach
    void make() throws IOException {
        folder = Files.createDirectory(root.resolve("policies"));
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private FolderReading read() {
        return new PolicyFolder(folder, PolicyFolder.Signatures.LEFT_ALONE).read();
    }

    private Snapshot snapshot() {
        return assertInstanceOf(Snapshot.class, read());
    }

    private static String text(Snapshot snapshot, String name) {
        return assertInstanceOf(Found.Content.class, snapshot.files().get(name))
                .content()
                .toUtf8();
    }

    private static String why(Snapshot snapshot, String name) {
        return assertInstanceOf(Found.Nothing.class, snapshot.files().get(name)).why();
    }

    private static Candidate candidate(Snapshot snapshot, String name) {
        return Optional.ofNullable(new Intake(Optional.empty()).of(snapshot).get(name))
                .orElseThrow();
    }

    @Test
    void policiesLieInTheFolderAndOneLevelBelow() throws IOException {
        write("a.yaml", "a");
        write("b.yml", "b");
        write("c/policy.yaml", "c");
        write("c/cases/deep.yaml", "too deep");
        write("notes.txt", "not a policy");
        write(".hidden.yaml", "hidden");
        write(".git/policy.yaml", "hidden");
        write("lost+found/policy.yaml", "the volume's own");
        assertEquals(
                Set.of("a.yaml", "b.yml", "c/policy.yaml"), snapshot().files().keySet());
        assertEquals("c", text(snapshot(), "c/policy.yaml"));
    }

    @Test
    void aMountedConfigMapIsSeenOnceAndItsSwapAsAWhole() throws IOException {
        write("..2026_06_01/a.yaml", "old a");
        write("..2026_06_01/b.yaml", "old b");
        write("..2026_06_02/a.yaml", "new a");
        write("..2026_06_02/b.yaml", "new b");
        Path data = folder.resolve("..data");
        Files.createSymbolicLink(data, Path.of("..2026_06_01"));
        Files.createSymbolicLink(folder.resolve("a.yaml"), Path.of("..data/a.yaml"));
        Files.createSymbolicLink(folder.resolve("b.yaml"), Path.of("..data/b.yaml"));
        assertEquals(Set.of("a.yaml", "b.yaml"), snapshot().files().keySet());
        assertEquals("old a", text(snapshot(), "a.yaml"));

        Path next = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..2026_06_02"));
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
        assertEquals("new a", text(snapshot(), "a.yaml"));
        assertEquals("new b", text(snapshot(), "b.yaml"));
    }

    @Test
    void aMountedSubFolderIsFollowedInsideTheFolder() throws IOException {
        write("..2026/payments/policy.yaml", "p");
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026"));
        Files.createSymbolicLink(folder.resolve("payments"), Path.of("..data/payments"));
        assertEquals(Set.of("payments/policy.yaml"), snapshot().files().keySet());
    }

    @Test
    void aLinkOutOfTheFolderIsNotFollowed() throws IOException {
        Files.writeString(root.resolve("secret.yaml"), "outside");
        Files.createSymbolicLink(folder.resolve("a.yaml"), Path.of("../secret.yaml"));
        assertTrue(why(snapshot(), "a.yaml").contains("out of the folder"));
    }

    @Test
    void aLinkedSubFolderOutsideIsNotReadAtAll() throws IOException {
        Files.createDirectory(root.resolve("elsewhere"));
        Files.createSymbolicLink(folder.resolve("sub"), Path.of("../elsewhere"));
        assertInstanceOf(FolderReading.Unreadable.class, read());
    }

    @Test
    void aLinkToNowhereIsAnIssueOfThatFile() throws IOException {
        write("good.yaml", "good");
        Files.createSymbolicLink(folder.resolve("a.yaml"), Path.of("gone.yaml"));
        assertTrue(why(snapshot(), "a.yaml").contains("leads nowhere"));
        assertEquals("good", text(snapshot(), "good.yaml"));
        assertInstanceOf(Candidate.Withheld.class, candidate(snapshot(), "a.yaml"));
    }

    @Test
    void aFileThatMayNotBeReadIsAnIssueOfThatFile() throws IOException {
        Path file = write("a.yaml", "a");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("-wx------"));
        assumeFalse(Files.isReadable(file), "this user may read everything");
        assertTrue(why(snapshot(), "a.yaml").contains("may not read"));
    }

    @Test
    void aFolderThatIsGoneOrIsNoneTellsNothing() throws IOException {
        Files.delete(folder);
        assertInstanceOf(FolderReading.Unreadable.class, read());
        Files.writeString(folder, "a file");
        assertInstanceOf(FolderReading.Unreadable.class, read());
    }

    @Test
    void moreFilesThanAllowedTellNothing() throws IOException {
        for (int i = 0; i < PolicyFolder.MOST_FILES; i++) {
            write("p" + i + ".yaml", "");
        }
        assertEquals(PolicyFolder.MOST_FILES, snapshot().files().size());
        write("one-more.yaml", "");
        assertInstanceOf(FolderReading.Unreadable.class, read());
    }

    @Test
    void aFileOfMoreThan64KibibytesIsReadNoFurtherAndWithheld() throws IOException {
        write("most.yaml", "#".repeat(64 * 1024));
        write("more.yaml", "#".repeat(64 * 1024 + 1));
        write("much-more.yaml", "#".repeat(1024 * 1024));
        assertInstanceOf(Candidate.Text.class, candidate(snapshot(), "most.yaml"));
        assertInstanceOf(Candidate.Withheld.class, candidate(snapshot(), "more.yaml"));
        assertInstanceOf(Candidate.Withheld.class, candidate(snapshot(), "much-more.yaml"));
        assertEquals(64 * 1024 + 1, text(snapshot(), "much-more.yaml").length());
    }

    @Test
    void aFileThatIsNotUtf8IsWithheldWithItsLine() throws IOException {
        Files.write(folder.resolve("a.yaml"), new byte[] {'a', '\n', 'b', '\n', (byte) 0xC3, (byte) 0x28});
        Files.write(folder.resolve("b.yaml"), new byte[] {'a', (byte) 0xE2, (byte) 0x82});
        var withheld = assertInstanceOf(Candidate.Withheld.class, candidate(snapshot(), "a.yaml"));
        assertEquals(3, withheld.issue().line());
        assertInstanceOf(Candidate.Withheld.class, candidate(snapshot(), "b.yaml"));
        write("c.yaml", "Grüße, 日本");
        assertEquals(new Candidate.Text("Grüße, 日本"), candidate(snapshot(), "c.yaml"));
    }

    @Test
    void aNameThatWouldForgeALineOfTheLogIsShownWithoutItsCharacters() throws IOException {
        write("a\nb.yaml", "x");
        write("shipped:baseline.yaml", "x");
        for (String name : snapshot().files().keySet()) {
            assertTrue(!name.contains("\n") && !name.contains(":"), name);
        }
        assertEquals(2, snapshot().files().size());
    }

    @Test
    void aCaseThatChangesChangesTheReading() throws IOException {
        write("p/policy.yaml", "p");
        Path found = write("p/cases/good.json", "{}");
        Snapshot before = snapshot();
        assertEquals(before, snapshot());
        Files.setLastModifiedTime(found, FileTime.from(Instant.parse("2026-06-01T00:00:00Z")));
        assertTrue(!before.equals(snapshot()));
        assertEquals(before.files(), snapshot().files());
    }

    @Test
    void signaturesAreReadBesideTheirFilesWhenTheyCount() throws IOException {
        write("a.yaml", "a");
        write("a.yaml.sig", "s");
        write("b.yaml", "b");
        write("b.yaml.sig", "s".repeat(PolicyFolder.SIGNATURE_BYTES + 1));
        var files = assertInstanceOf(Snapshot.class, new PolicyFolder(folder, PolicyFolder.Signatures.READ).read())
                .files();
        var a = assertInstanceOf(Found.Content.class, files.get("a.yaml"));
        assertInstanceOf(
                FolderReading.SignatureFile.Content.class, a.signature().orElseThrow());
        var b = assertInstanceOf(Found.Content.class, files.get("b.yaml"));
        assertInstanceOf(
                FolderReading.SignatureFile.Unreadable.class, b.signature().orElseThrow());
    }
}
