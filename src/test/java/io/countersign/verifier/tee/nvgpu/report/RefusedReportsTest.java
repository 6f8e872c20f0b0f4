package io.countersign.verifier.tee.nvgpu.report;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.bytes.UnsupportedEvidenceException;
import io.countersign.verifier.tee.nvgpu.Devices;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no report, and what is said of it. */
class RefusedReportsTest {
    private static final String DEVICES = "io.countersign.verifier.tee.nvgpu.Devices#areHere";

    private static void assertMalformed(String message, MadeReport made, DeviceKind kind) {
        var refused = assertThrows(MalformedEvidenceException.class, () -> AttestationReport.read(made.bytes(), kind));
        assertEquals(message, refused.getMessage());
    }

    private static void assertMalformed(String message, MadeReport made) {
        assertMalformed(message, made, DeviceKind.GPU);
    }

    private static void assertUnsupported(String message, MadeReport made) {
        var refused = assertThrows(
                UnsupportedEvidenceException.class, () -> AttestationReport.read(made.bytes(), DeviceKind.GPU));
        assertEquals(message, refused.getMessage());
    }

    private static void assertOnlyWholeIsRead(Bytes whole, DeviceKind kind) throws EvidenceException {
        AttestationReport.read(whole, kind);
        for (int length = 0; length < whole.length(); length++) {
            Bytes shorter = whole.slice(0, length);
            assertThrows(MalformedEvidenceException.class, () -> AttestationReport.read(shorter, kind));
        }
        for (String more : new String[] {"00", "ff"}) {
            Bytes longer = Bytes.concat(whole, Bytes.fromHex(more));
            var refused = assertThrows(MalformedEvidenceException.class, () -> AttestationReport.read(longer, kind));
            assertEquals(
                    "MEASUREMENTS at offset 0x%03x: 1 bytes follow the last field".formatted(whole.length() - 37),
                    refused.getMessage());
        }
    }

    @Test
    void noOtherLengthIsRead() throws EvidenceException {
        assertOnlyWholeIsRead(MadeReport.gpu().bytes(), DeviceKind.GPU);
        assertOnlyWholeIsRead(MadeReport.versionedGpu().bytes(), DeviceKind.GPU);
        assertOnlyWholeIsRead(MadeReport.nvSwitch().bytes(), DeviceKind.NVSWITCH);
        assertOnlyWholeIsRead(MadeReport.oldSwitch().bytes(), DeviceKind.NVSWITCH);
    }

    @Test
    @EnabledIf(DEVICES)
    void noOtherLengthOfAGenuineReportIsRead() throws EvidenceException {
        assertOnlyWholeIsRead(Devices.named("hopper-580.159.03.report.txt").report(), DeviceKind.GPU);
        assertOnlyWholeIsRead(Devices.named("switch-ls10-96.10.55.report.txt").report(), DeviceKind.NVSWITCH);
    }

    @Test
    void moreThanSixteenKibibytesAreNotRead() throws EvidenceException {
        MadeReport made = MadeReport.gpu();
        int room = 16 * 1024 - made.bytes().length() - 4;
        MadeReport largest =
                made.withOpaque(Bytes.concat(made.opaque(), MadeReport.legacyEntry(1000, Bytes.zeros(room))));
        assertEquals(AttestationReport.MAX_LENGTH, largest.bytes().length());
        AttestationReport.read(largest.bytes(), DeviceKind.GPU);
        assertMalformed(
                "attestation report at offset 0x4000: 16385 bytes; at most 16384 are read",
                made.withOpaque(Bytes.concat(made.opaque(), MadeReport.legacyEntry(1000, Bytes.zeros(room + 1)))));
    }

    @Test
    void otherVersionsOfSpdmAreNotKnown() {
        assertUnsupported(
                "GET_MEASUREMENTS: SPDM version 0x12 is not known; 0x11, version 1.1, is",
                MadeReport.gpu().withRequest(0, "12"));
        assertUnsupported(
                "MEASUREMENTS: SPDM version 0x10 is not known; 0x11, version 1.1, is",
                MadeReport.gpu().withHead(0, "10"));
    }

    @Test
    void otherMessagesAreRefused() {
        assertMalformed(
                "GET_MEASUREMENTS at offset 0x001: message code 0x60; 0xe0 belongs here",
                MadeReport.gpu().withRequest(1, "60"));
        assertMalformed(
                "MEASUREMENTS at offset 0x001: message code 0x7f; 0x60 belongs here",
                MadeReport.gpu().withHead(1, "7f"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4|3f|a measurement record of 3520 bytes; 63 blocks have 3465",
                "4|41|a measurement record of 3520 bytes; 65 blocks have 3575",
                "4|00|a measurement record of 3520 bytes; 0 blocks have 0",
                "5|bf|a measurement record of 3519 bytes; 64 blocks have 3520",
                "5|c1|a measurement record of 3521 bytes; 64 blocks have 3520",
                "7|ff|a measurement record of 16715200 bytes; 64 blocks have 3520"
            })
    void recordThatIsNotOfItsBlocksIsRefused(int offset, String hex, String why) {
        assertMalformed("MEASUREMENTS at offset 0x005: " + why, MadeReport.gpu().withHead(offset, hex));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|00|0x037: a block of index 0; a device has 1 to 64",
                "0|41|0x037: a block of index 65; a device has 1 to 64",
                "0|ff|0x037: a block of index 255; a device has 1 to 64",
                "0|01|0x037: a second block of index 1",
                "1|00|0x038: measurement specification 0; only 1, DMTF, is read",
                "1|03|0x038: measurement specification 3; only 1, DMTF, is read",
                "2|3200|0x039: a measurement of 50 bytes; one of a SHA-384 digest has 51",
                "2|3301|0x039: a measurement of 307 bytes; one of a SHA-384 digest has 51",
                "4|81|0x03b: value type 0x81; digests have 0x00 to 0x04",
                "4|05|0x03b: value type 0x05; digests have 0x00 to 0x04",
                "5|2000|0x03c: a value of 32 bytes; a SHA-384 digest has 48"
            })
    void blockThatIsNoDigestOfItsOwnIndexIsRefused(int offset, String hex, String why) {
        assertMalformed("measurement record at offset " + why, MadeReport.gpu().withBlock(1, offset, hex));
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "01", "02", "03", "04"})
    void digestsOfWhateverAreRead(String type) {
        Bytes made = MadeReport.gpu().withBlock(1, 4, type).bytes();
        assertDoesNotThrow(() -> AttestationReport.read(made, DeviceKind.GPU));
    }

    /** Structure is read here; whether it makes sense is for a check. */
    @Test
    void whatACheckJudgesIsRead() throws EvidenceException {
        Bytes made = MadeReport.gpu()
                .withRequest(2, "00fe")
                .withRequest(36, "07")
                .withHead(2, "0305")
                .withOpaque(MadeReport.legacy(MadeReport.changed(
                        MadeReport.changed(MadeReport.gpuEntries(), 34, _ -> Bytes.fromHex("6300")),
                        11,
                        _ -> Bytes.fromHex("13"))))
                .bytes();
        AttestationReport report = AttestationReport.read(made, DeviceKind.GPU);
        assertEquals(0, report.request().param1());
        assertEquals(0xFE, report.request().param2());
        assertEquals(7, report.request().slotId());
        assertEquals(3, report.response().param1());
        assertEquals(5, report.response().param2());
        assertEquals(99, report.opaque().version().orElseThrow());
        assertEquals(0x13, GpuStatement.of(report.opaque()).nvdec0Status().orElseThrow());
    }

    @Test
    void blocksInAnotherOrderKeepTheirIndex() throws EvidenceException {
        MadeReport made = MadeReport.gpu().withBlock(0, 0, "02").withBlock(1, 0, "01");
        var measurements =
                AttestationReport.read(made.bytes(), DeviceKind.GPU).response().measurements();
        assertEquals(Bytes.utf8("measurement 2").sha384(), measurements.get(0));
        assertEquals(Bytes.utf8("measurement 1").sha384(), measurements.get(1));
    }

    @Test
    void entriesThatDoNotFillTheOpaqueDataAreRefused() {
        MadeReport made = MadeReport.gpu();
        Bytes one = MadeReport.legacyEntry(1000, Bytes.fromHex("aabb"));
        assertMalformed(
                "opaque data at offset 0x006: needs 2 more bytes, 1 remain",
                made.withOpaque(Bytes.concat(one, Bytes.fromHex("01"))));
        assertMalformed(
                "opaque data at offset 0x008: needs 2 more bytes, 1 remain",
                made.withOpaque(Bytes.concat(one, Bytes.fromHex("010000"))));
        assertMalformed(
                "opaque data at offset 0x00a: needs 65535 more bytes, 1 remain",
                made.withOpaque(Bytes.concat(one, Bytes.fromHex("0100ffff00"))));
        assertMalformed(
                "opaque data at offset 0x006: a second entry of type 1000", made.withOpaque(Bytes.concat(one, one)));
    }

    @Test
    void unknownEntriesAreKeptAsTheyAre() throws EvidenceException {
        Bytes opaque = MadeReport.legacy(Map.of(1000, Bytes.fromHex("00ff")));
        var read = AttestationReport.read(MadeReport.gpu().withOpaque(opaque).bytes(), DeviceKind.GPU);
        assertEquals(1000, read.opaque().entries().getFirst().type());
        assertEquals("00ff", read.opaque().entries().getFirst().data().toString());
    }

    @Test
    void reportWithoutMeasurementsOrOpaqueDataIsStillAReport() throws EvidenceException {
        var read = AttestationReport.read(MadeReport.of(0, Bytes.empty()).bytes(), DeviceKind.NVSWITCH);
        assertEquals(0, read.response().measurements().size());
        assertEquals(0, read.opaque().entries().size());
        assertEquals(0, SwitchStatement.of(read.opaque()).gpuPdis().size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4|00|GPU_INFO has 1 bytes; 8 belong there",
                "6|00000000000000|VBIOS_VERSION has 7 bytes; 8 belong there",
                "6|009f009601000001|VBIOS_VERSION has 000001 after its five parts; zeros belong there",
                "11|5555|NVDEC0_STATUS has 2 bytes; 1 belong there",
                "12|000000|MSRSCNT has 3 bytes; 4 to 256, a multiple of 4, belong there",
                "12||MSRSCNT has 0 bytes; 4 to 256, a multiple of 4, belong there",
                "13|0000000000|CPRINFO has 5 bytes; 4 belong there",
                "14|00|BOARD_ID has 1 bytes; 4 belong there",
                "20|00|FWID has 1 bytes; 48 belong there",
                "21||PROTECTED_PCIE_STATUS has 0 bytes; 1 belong there",
                "22|00000000|SWITCH_PDI has 4 bytes; 8 or more, a multiple of 8, belong there",
                "33|07|SYS_ENABLE_STATUS has 1 bytes; 2 belong there",
                "34|01|OPAQUE_DATA_VERSION has 1 bytes; 2 belong there",
                "36|000000|FEATURE_FLAG has 3 bytes; 2 belong there",
                "37|00|FSP_UCODE_SVN has 1 bytes; 2 belong there",
                "38|00|NVLE_STATUS has 1 bytes; 2 belong there",
                "3||DRIVER_VERSION has 0 bytes; 1 or more belong there"
            })
    void knownEntryOfAnotherFormIsRefused(int type, String hex, String why) {
        Bytes opaque = MadeReport.legacyEntry(type, Bytes.fromHex(hex == null ? "" : hex));
        assertMalformed("opaque data at offset 0x004: " + why, MadeReport.gpu().withOpaque(opaque));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4|0000000000000000|GPU_INFO has 8 bytes; 128 belong there",
                "22|00|DEVICE_PDI has 1 bytes; 8 belong there",
                "23|00|DISABLED_PORTS has 1 bytes; 2 belong there",
                "24|00|POSITION_ID has 1 bytes; 2 belong there",
                "25|000000|LOCK_SWITCH_STATUS has 3 bytes; 2 belong there",
                "26|00|SWITCH_GPU_PDIS has 1 bytes; 128 belong there"
            })
    void knownEntryOfASwitchOfAnotherFormIsRefused(int type, String hex, String why) {
        Bytes opaque = MadeReport.legacyEntry(type, Bytes.fromHex(hex));
        assertMalformed(
                "opaque data at offset 0x004: " + why, MadeReport.nvSwitch().withOpaque(opaque), DeviceKind.NVSWITCH);
    }

    @Test
    void switchWithTwoListsOfGpusIsRefused() {
        var entries = MadeReport.switchEntries();
        entries.put(4, Bytes.zeros(128));
        assertMalformed(
                "opaque data at offset 0x124: GPU_INFO beside SWITCH_GPU_PDIS; a switch has one list of GPUs",
                MadeReport.nvSwitch().withOpaque(MadeReport.legacy(entries)),
                DeviceKind.NVSWITCH);
    }

    /** Names of files and parts of URLs are made of these. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "550.",
                ".550",
                "550..90",
                "550/90",
                "550\\90",
                "550 90",
                "550_90",
                "550-90",
                "550%2f",
                "550\0090",
                "\000550",
                "550\n",
                "\u0100",
                "\u00e9",
                "123456789.123456789.123456789.123"
            })
    void textThatCouldLeadElsewhereIsRefused(String text) {
        for (int type : new int[] {3, 15, 17, 18, 35}) {
            String name = OpaqueType.of(type, DeviceKind.GPU).orElseThrow().name();
            assertMalformed(
                    "opaque data at offset 0x004: " + name
                            + " is not 1 to 32 letters and digits, divided by single dots and padded with NUL",
                    MadeReport.gpu().withOpaque(MadeReport.legacyEntry(type, Bytes.utf8(text + "\0"))));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"550.90.07", "G520", "a", "123456789.123456789.123456789.12", "550\0\0\0", "GB100"})
    void textOfNamesAndVersionsIsRead(String text) throws EvidenceException {
        Bytes opaque = MadeReport.legacyEntry(3, Bytes.utf8(text));
        var read = AttestationReport.read(MadeReport.gpu().withOpaque(opaque).bytes(), DeviceKind.GPU);
        assertEquals(
                text.replace("\0", ""),
                GpuStatement.of(read.opaque()).driverVersion().orElseThrow());
    }
}
