package io.countersign.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client leaves behind, and who may read it. */
class ShellFilesTest extends BootTest {
    @Test
    void keyAndTokenAreForThisUserOnly() throws Exception {
        client = BootClient.in(folder, "sh");
        Path open = client.program("open-sh", "umask 000; exec sh \"$@\"");
        client = BootClient.in(folder, open.toString());
        assertEnds(0, attest());
        assertEquals("rw-------", mode(client.key()));
        assertEquals("rw-------", mode(client.token()));
        assertEquals("rwx------", mode(folder.resolve("state")));
        assertEquals(Set.of(client.key(), client.token()), Set.copyOf(BootClient.inside(folder.resolve("state"))));
        assertEquals(List.of(), BootClient.inside(client.temporary()));
    }

    @Test
    void aTokenThatOthersCouldReadIsReplacedByOneThatTheyCannot() throws Exception {
        Files.createDirectories(folder.resolve("state"));
        Files.setPosixFilePermissions(folder.resolve("state"), PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.writeString(client.token(), "old");
        Files.setPosixFilePermissions(client.token(), PosixFilePermissions.fromString("rw-rw-rw-"));
        try (var reader = Files.newInputStream(client.token())) {
            assertEnds(0, attest());
            // Replaced, not overwritten: who has the old one open sees nothing of the new.
            assertEquals("old", new String(reader.readAllBytes(), StandardCharsets.US_ASCII));
        }
        assertEquals("rw-------", mode(client.token()));
        assertEquals(StubService.TOKEN, Files.readString(client.token()));
    }

    @Test
    void theTokenOfBeforeStaysWhenThereIsNoNewOne() throws Exception {
        Files.createDirectories(folder.resolve("state"));
        Files.writeString(client.token(), "old");
        service.on(StubService.ATTESTATIONS, StubService.problem(403, "appraisal-refused"));
        assertEnds(77, attest());
        assertEquals("old", Files.readString(client.token()));
    }

    @Test
    void theKeyThatIsThereIsUsedAndKept() throws Exception {
        assertEnds(0, attest());
        String before = Files.readString(client.key());
        assertEnds(0, attest());
        assertEquals(before, Files.readString(client.key()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw-----w-", "rw--w----"})
    void doesNotUseAKeyThatOthersMayReadOrWrite(String mode) throws Exception {
        AttestedKeys.write("ec:P-256", client.key());
        Files.setPosixFilePermissions(client.key(), PosixFilePermissions.fromString(mode));
        assertEnds(78, attest(), "chmod 600");
        assertEquals(0, service.asked().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ec:P-521", "ec:secp256k1"})
    void doesNotUseAKeyOfAnotherKind(String kind) throws Exception {
        AttestedKeys.write(kind, client.key());
        assertEnds(78, attest(), "no private key of P-256");
    }

    @Test
    void aDirectoryInTheTokensPlaceIsLeftAlone() throws Exception {
        Files.createDirectories(client.token());
        assertEnds(78, attest(), "is a directory");
        assertEquals(List.of(), BootClient.inside(client.token()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "busybox sh", "bash --posix"})
    void leavesNothingBehindWhenItIsToldToStop(String shell) throws Exception {
        client = BootClient.in(folder, shell);
        kernel.close();
        Path other = Files.createDirectories(folder.resolve("slow"));
        var asked = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        kernel = PlayedKernel.start(other, "sev_guest", data -> {
            asked.countDown();
            return await(over, data);
        });
        Process process = client.start(
                "attest", options("--tsm-entry", "", "--tsm", kernel.tsm().toString()));
        try {
            assertTrue(asked.await(20, TimeUnit.SECONDS), client::toString);
            assertEquals(2, BootClient.inside(kernel.tsm()).size());
            process.destroy();
            assertTrue(process.waitFor(5, TimeUnit.SECONDS), "it did not stop within five seconds");
            assertEquals(143, process.exitValue());
            assertEquals(List.of(kernel.entry()), BootClient.inside(kernel.tsm()));
            assertEquals(List.of(), BootClient.inside(client.temporary()));
        } finally {
            over.countDown();
            process.destroyForcibly();
        }
    }

    private static Bytes await(CountDownLatch over, Bytes data) {
        try {
            over.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return data;
    }

    @Test
    void whatIsNotItsEntryIsNeverRemoved() throws Exception {
        Path other = Files.createDirectories(kernel.tsm().resolve("countersign-of-somebody"));
        Path file = Files.writeString(other.resolve("inblob"), "theirs");
        assertEnds(0, attest("--tsm-entry", "", "--tsm", kernel.tsm().toString()));
        assertEquals("theirs", Files.readString(file));
    }

    @Test
    void tokenAndKeyStandOnNoCommandLine() throws Exception {
        var seen = new HashSet<String>();
        service.on(StubService.ATTESTATIONS, exchange -> {
            seen.addAll(commandLines());
            StubService.token().to(exchange);
        });
        service.on(StubService.RELEASE, exchange -> {
            seen.addAll(commandLines());
            StubService.problem(403, "forbidden").to(exchange);
        });
        assertEnds(
                77,
                client.run(
                        "run",
                        options(
                                "--kms",
                                service.address(),
                                "--secret",
                                StubService.SECRET,
                                "--out",
                                client.secret().toString())));
        assertTrue(seen.stream().anyMatch(line -> line.contains("curl") && line.contains(StubService.RELEASE)));
        assertTrue(seen.stream().anyMatch(line -> line.contains("curl") && line.contains(StubService.ATTESTATIONS)));
        assertFalse(seen.stream().anyMatch(line -> line.contains(StubService.TOKEN)));
        assertEquals(
                "Bearer " + StubService.TOKEN,
                Objects.requireNonNull(
                                service.asked(StubService.RELEASE).getFirst().headers())
                        .getFirst("Authorization"));
    }

    private static Set<String> commandLines() throws IOException {
        var lines = new HashSet<String>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes.toList()) {
                try {
                    lines.add(Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                            .replace('\0', ' '));
                } catch (IOException _) {
                    // No process, or one that has ended.
                }
            }
        }
        return lines;
    }

    @Test
    void theScriptIsCleanByShellcheck() throws Exception {
        BootClient.assumeInstalled("shellcheck");
        Process process = new ProcessBuilder("shellcheck", "-s", "sh", "clients/shell/countersign-attest")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(Duration.ofSeconds(60).toSeconds(), TimeUnit.SECONDS));
        assertEquals("", said);
        assertEquals(0, process.exitValue());
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
