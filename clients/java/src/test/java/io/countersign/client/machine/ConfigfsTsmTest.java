package io.countersign.client.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.client.Bytes;
import io.countersign.client.testkit.FakeTsm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // A kernel need only be there; Java 17 has no name for what is not used.
class ConfigfsTsmTest {
    private static final Bytes REPORT_DATA = Bytes.ofHex("c5".repeat(64));

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before each test.
    Path folder;

    private ConfigfsTsm tsm() {
        return new ConfigfsTsm(folder, Duration.ofSeconds(20));
    }

    private FakeTsm kernel(String provider, byte[] auxiliary) {
        return new FakeTsm(folder, provider, Bytes::toByteArray, auxiliary);
    }

    @Test
    void readsTheReportOverExactlyTheBytesGiven() throws Exception {
        try (FakeTsm kernel = kernel("sev_guest", new byte[] {7}).start()) {
            ConfigfsTsm.Report report = tsm().report(REPORT_DATA);
            assertEquals(new ConfigfsTsm.Report("sev_guest", REPORT_DATA, Bytes.ofHex("07")), report);
            assertEquals(List.of(REPORT_DATA), kernel.written());
        }
    }

    @Test
    void removesItsEntry() throws Exception {
        try (FakeTsm ignored = kernel("sev_guest", new byte[0]).start()) {
            tsm().report(REPORT_DATA);
            try (var entries = Files.list(folder)) {
                assertEquals(List.of(), entries.toList());
            }
        }
    }

    @Test
    void refusesAReportThatSomebodyElseWroteInto() {
        try (FakeTsm kernel = kernel("sev_guest", new byte[0]).withStrayWrites().start()) {
            var e = assertThrows(MachineException.class, () -> tsm().report(REPORT_DATA));
            assertEquals(MachineException.Remedy.RETRY, e.remedy());
            assertEquals(3, kernel.written().size(), "it tries with a new entry before it gives up");
        }
    }

    @Test
    void asksForTheLevelOfAGuestUnderAServiceModule() throws Exception {
        try (FakeTsm ignored =
                kernel("sev_guest", new byte[0]).withPrivilegeFloor(2).start()) {
            assertEquals(REPORT_DATA, tsm().report(REPORT_DATA).outblob());
        }
    }

    @Test
    void saysWhatIsMissingOnAMachineWithoutReports() {
        var e = assertThrows(
                MachineException.class,
                () -> new ConfigfsTsm(folder.resolve("absent"), Duration.ofSeconds(5)).report(REPORT_DATA));
        assertEquals(MachineException.Remedy.CHANGE, e.remedy());
        assertTrue(e.hint().contains("mount -t configfs"), e.hint());
    }

    @Test
    void givesUpOnAKernelThatNeverAnswers() throws Exception {
        var entries = new Thread(() -> {
            try {
                while (true) {
                    try (var made = Files.list(folder)) {
                        for (Path entry : made.toList()) {
                            Files.writeString(entry.resolve("generation"), "1\n");
                            new ProcessBuilder("mkfifo", entry.resolve("inblob").toString())
                                    .start()
                                    .waitFor();
                            return;
                        }
                    }
                    Thread.sleep(2);
                }
            } catch (IOException | InterruptedException ignored) {
                Thread.currentThread().interrupt();
            }
        });
        entries.setDaemon(true);
        entries.start();
        var e = assertThrows(
                MachineException.class, () -> new ConfigfsTsm(folder, Duration.ofSeconds(1)).report(REPORT_DATA));
        assertEquals(MachineException.Remedy.RETRY, e.remedy());
        entries.join();
    }

    @Test
    void refusesAnEmptyReport() {
        try (FakeTsm ignored = new FakeTsm(folder, "tdx_guest", input -> new byte[0], new byte[0]).start()) {
            assertThrows(MachineException.class, () -> tsm().report(REPORT_DATA));
        }
    }

    @Test
    void leavesOutACertificateTableOfZeros() throws Exception {
        try (FakeTsm ignored = kernel("sev_guest", new byte[4096]).start()) {
            assertEquals(
                    new Cpu.SevSnp(REPORT_DATA, Optional.empty()),
                    new LinuxMachine(tsm(), List.of(), Optional.empty()).cpu(REPORT_DATA));
        }
    }

    @Test
    void sendsTheCertificateTableOfAHostThatHasOne() throws Exception {
        try (FakeTsm ignored = kernel("sev_guest", new byte[] {0, 1}).start()) {
            assertEquals(
                    new Cpu.SevSnp(REPORT_DATA, Optional.of(Bytes.ofHex("0001"))),
                    new LinuxMachine(tsm(), List.of(), Optional.empty()).cpu(REPORT_DATA));
        }
    }

    @Test
    void sendsTheEventLogBesideAQuote() throws Exception {
        Path log = Files.write(folder.resolveSibling(folder.getFileName() + "-ccel"), new byte[] {3, 2, 1});
        try (FakeTsm ignored = kernel("tdx_guest", new byte[0]).start()) {
            assertEquals(
                    new Cpu.Tdx(REPORT_DATA, Optional.of(Bytes.ofHex("030201"))),
                    new LinuxMachine(tsm(), List.of(), Optional.of(log)).cpu(REPORT_DATA));
        } finally {
            Files.delete(log);
        }
    }

    @Test
    void refusesAProviderThatItDoesNotKnow() {
        try (FakeTsm ignored = kernel("arm_cca_guest", new byte[0]).start()) {
            var e = assertThrows(MachineException.class, () -> new LinuxMachine(tsm(), List.of(), Optional.empty())
                    .cpu(REPORT_DATA));
            assertEquals(MachineException.Remedy.CHANGE, e.remedy());
        }
    }
}
