package io.countersign.client.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.client.Bytes;
import io.countersign.client.machine.MachineException.Remedy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NvidiaCollectorTest {
    private static final Bytes NONCE = Bytes.ofHex("9e".repeat(32));
    private static final String TWO_GPUS = """
            [{"arch": "HOPPER", "nonce": "%1$s", "evidence": "AAEC", "certificate": "Q0VSVA==", "driver_version": "575"},
             {"arch": "HOPPER", "nonce": "%1$s", "evidence": "AwQF", "certificate": "Q0VSVA==", "new": {"member": 1}}]""".formatted(NONCE.hex());

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before each test.
    Path folder;

    private List<Device> collect(String script, Duration within) throws Exception {
        Path program = folder.resolve("collector");
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return new NvidiaCollector(
                        Device.Kind.GPU,
                        List.of(program.toString(), "collect-evidence", "--nonce", NvidiaCollector.NONCE),
                        within)
                .collect(NONCE);
    }

    private List<Device> collect(String script) throws Exception {
        return collect(script, Duration.ofSeconds(20));
    }

    private static String printing(String json) {
        return "cat <<'END'\n" + json + "\nEND";
    }

    private static final List<Device> BOTH = List.of(
            new Device(Device.Kind.GPU, 0, Bytes.ofHex("000102"), "Q0VSVA==", "HOPPER"),
            new Device(Device.Kind.GPU, 1, Bytes.ofHex("030405"), "Q0VSVA==", "HOPPER"));

    @Test
    void readsAnArrayOfDevices() throws Exception {
        assertEquals(BOTH, collect(printing(TWO_GPUS)));
    }

    @Test
    void readsTheDocumentOfTheCommandLine() throws Exception {
        assertEquals(
                BOTH,
                collect(printing("{\"result_code\": 0, \"result_message\": \"Ok\", \"evidences\": " + TWO_GPUS + "}")));
    }

    @Test
    void handsTheNonceOverInHex() throws Exception {
        assertEquals(
                BOTH,
                collect("[ \"$1 $2 $3\" = 'collect-evidence --nonce " + NONCE.hex() + "' ] || exit 9\n"
                        + printing(TWO_GPUS)));
    }

    @Test
    void isNotConfusedByWhatTheProgramSaysBeside() throws Exception {
        assertEquals(BOTH, collect("head -c 300000 /dev/zero | tr '\\0' w >&2\n" + printing(TWO_GPUS)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not json",
                "",
                "{}",
                "[] []",
                "[{\"evidence\": \"AAEC\"}]",
                "[{\"evidence\": \"***\", \"certificate\": \"Q0VSVA==\"}]",
                "[{\"evidence\": \"\", \"certificate\": \"Q0VSVA==\"}]",
                "[{\"evidence\": \"AAEC\", \"evidence\": \"AAEC\", \"certificate\": \"Q0VSVA==\"}]",
                "[7]",
                "{\"result_code\": 5, \"result_message\": \"no driver\", \"evidences\": null}",
                "{\"result_code\": \"0\", \"evidences\": []}"
            })
    void refusesWhatIsNoEvidence(String printed) {
        var e = assertThrows(MachineException.class, () -> collect(printing(printed)));
        assertEquals(Remedy.RETRY, e.remedy());
    }

    @Test
    void saysThatEvidenceIsForAnotherNonce() {
        String old = TWO_GPUS.replace("9e9e", "9e9f");
        var e = assertThrows(MachineException.class, () -> collect(printing(old)));
        assertTrue(e.what().contains("instead of " + NONCE.hex()), e.what());
    }

    @Test
    void wantsTheConfigurationChangedWhereThereIsNoDevice() {
        var e = assertThrows(MachineException.class, () -> collect(printing("[]")));
        assertEquals(Remedy.CHANGE, e.remedy());
    }

    @Test
    void repeatsWhatAFailingProgramSaid() {
        var e = assertThrows(MachineException.class, () -> collect("echo 'NVML: \u001b[31mnot ready' >&2; exit 3"));
        assertEquals(Remedy.RETRY, e.remedy());
        assertTrue(e.what().endsWith("ended with 3: NVML:  [31mnot ready"), e.what());
    }

    @Test
    void endsAProgramThatHangs() {
        var e = assertThrows(MachineException.class, () -> collect("sleep 60", Duration.ofMillis(500)));
        assertTrue(e.what().contains("did not end within"), e.what());
    }

    @Test
    void refusesAFlood() {
        var e = assertThrows(MachineException.class, () -> collect("head -c 9000000 /dev/zero"));
        assertTrue(e.what().contains("printed more than"), e.what());
    }

    @Test
    void saysThatThereIsNoSuchProgram() {
        var collector = new NvidiaCollector(
                Device.Kind.GPU, List.of("/absent/nvattest", NvidiaCollector.NONCE), Duration.ofSeconds(5));
        var e = assertThrows(MachineException.class, () -> collector.collect(NONCE));
        assertEquals(Remedy.CHANGE, e.remedy());
    }

    @Test
    void refusesACommandThatHasNoPlaceForTheNonce() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new NvidiaCollector(Device.Kind.GPU, List.of("nvattest"), Duration.ofSeconds(5)));
    }
}
