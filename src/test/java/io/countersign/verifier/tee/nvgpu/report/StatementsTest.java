package io.countersign.verifier.tee.nvgpu.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.bytes.UnsupportedEvidenceException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Both layouts of the opaque data say the same, and every entry gets into the statement. */
class StatementsTest {
    private static OpaqueData read(Bytes opaque) throws EvidenceException {
        return AttestationReport.read(MadeReport.gpu().withOpaque(opaque).bytes(), DeviceKind.GPU)
                .opaque();
    }

    private static void assertMalformed(String message, Bytes opaque) {
        assertEquals(
                message,
                assertThrows(MalformedEvidenceException.class, () -> read(opaque))
                        .getMessage());
    }

    private static void assertUnsupported(String message, Bytes opaque) {
        assertEquals(
                message,
                assertThrows(UnsupportedEvidenceException.class, () -> read(opaque))
                        .getMessage());
    }

    @Test
    void gpuSaysEverythingThatItsEntriesHold() throws EvidenceException {
        var entries = MadeReport.gpuEntries();
        entries.put(19, MadeReport.ascii("X1"));
        entries.put(33, Bytes.fromHex("0703"));
        entries.put(35, MadeReport.ascii("GB100\0"));
        entries.put(37, Bytes.fromHex("0501"));
        entries.put(38, Bytes.fromHex("aa00"));
        GpuStatement gpu = GpuStatement.of(read(MadeReport.legacy(entries)));
        assertEquals(64, gpu.measurementCounts().size());
        assertEquals(0, gpu.measurementCounts().get(0));
        assertEquals(62_000, gpu.measurementCounts().get(62));
        assertEquals(0xFFFF0000L | 63_000, gpu.measurementCounts().get(63));
        assertEquals(
                new GpuStatement(
                        Optional.of("580.126.20"),
                        Optional.of("96.00.9F.00.01"),
                        Optional.of("1010"),
                        Optional.of("0200"),
                        Optional.of("X1"),
                        Optional.of("882"),
                        Optional.of("0"),
                        Optional.of("GB100"),
                        Optional.of(Bytes.fromHex("8001000000000000")),
                        Optional.of(Bytes.fromHex("b1030000")),
                        Optional.of(Bytes.fromHex("00c00100")),
                        Optional.of(Bytes.utf8("firmware").sha384()),
                        Optional.of(Bytes.fromHex("0703")),
                        Optional.of(0x55),
                        Optional.of(0xAA),
                        Optional.of(2),
                        Optional.of(0x105),
                        Optional.of(0xAA),
                        gpu.measurementCounts(),
                        switchPdis()),
                gpu);
    }

    private static List<Bytes> switchPdis() {
        var pdis = new ArrayList<>(Collections.nCopies(17, Bytes.fromHex("0807060504030201")));
        pdis.add(Bytes.zeros(8));
        return pdis;
    }

    @Test
    void gpuThatSaysNothingHasNothingInItsStatement() throws EvidenceException {
        GpuStatement gpu = GpuStatement.of(read(Bytes.empty()));
        assertEquals(Optional.empty(), gpu.driverVersion());
        assertEquals(Optional.empty(), gpu.vbiosVersion());
        assertEquals(Optional.empty(), gpu.fwid());
        assertEquals(Optional.empty(), gpu.nvdec0Status());
        assertEquals(List.of(), gpu.measurementCounts());
        assertEquals(List.of(), gpu.switchPdis());
    }

    @Test
    void versionedLayoutSaysTheSame() throws EvidenceException {
        OpaqueData versioned = read(MadeReport.versioned(MadeReport.gpuEntries()));
        OpaqueData legacy = read(MadeReport.legacy(MadeReport.gpuEntries()));
        assertEquals(OpaqueData.Layout.VERSIONED, versioned.layout());
        assertEquals(GpuStatement.of(legacy), GpuStatement.of(versioned));
        assertTrue(
                versioned.entries().stream().allMatch(entry -> entry.valueType().equals(Optional.of(0x86))));
        assertEquals(
                legacy.entries().stream().map(OpaqueEntry::data).toList(),
                versioned.entries().stream().map(OpaqueEntry::data).toList());
    }

    /** A genuine transcript of driver 620.12 has an entry OPAQUE_DATA_VERSION of 0x0200 beside a header of version 2.0.0. */
    @Test
    void versionIsThatOfTheHeaderWhereThereIsOne() throws EvidenceException {
        Bytes stray = MadeReport.versionedEntry(34, 0x86, Bytes.fromHex("0002"));
        assertEquals(
                Optional.of(2),
                read(Bytes.concat(MadeReport.header(0, 2), stray)).version());
        assertEquals(Optional.of(0), read(MadeReport.header(0, 0)).version());
        assertEquals(
                Optional.of(0x200),
                read(MadeReport.legacy(Map.of(34, Bytes.fromHex("0002")))).version());
        assertEquals(Optional.empty(), read(Bytes.empty()).version());
    }

    @Test
    void headersOfAnotherProfileOrANewerMajorVersionAreNotKnown() {
        assertUnsupported("opaque data: profile 1 is not known; 0 is", MadeReport.header(1, 2));
        assertUnsupported("opaque data: profile 256 is not known; 0 is", MadeReport.header(256, 2));
        assertUnsupported("opaque data: major version 3 is not known; versions up to 2 are", MadeReport.header(0, 3));
    }

    @Test
    void newerMinorVersionsAreRead() throws EvidenceException {
        assertEquals(
                Optional.of(2),
                read(MadeReport.put(MadeReport.header(0, 2), 9, "0709")).version());
    }

    @Test
    void damagedHeadersAndEntriesOfTheVersionedLayoutAreRefused() {
        Bytes header = MadeReport.header(0, 2);
        Bytes entry = MadeReport.versionedEntry(37, 0x87, Bytes.fromHex("0000"));
        assertMalformed("opaque data at offset 0x00b: padding 0x01; it is zero", MadeReport.put(header, 11, "01"));
        assertMalformed("opaque data at offset 0x00b: needs 1 more bytes, 0 remain", header.slice(0, 11));
        assertMalformed(
                "opaque data at offset 0x012: needs 2 more bytes, 1 remain", Bytes.concat(header, entry.slice(0, 7)));
        assertMalformed("opaque data at offset 0x014: a second entry of type 37", Bytes.concat(header, entry, entry));
        assertMalformed(
                "opaque data at offset 0x01a: FSP_UCODE_SVN has 1 bytes; 2 belong there",
                Bytes.concat(
                        header,
                        MadeReport.versionedEntry(1000, 0, Bytes.fromHex("aabb")),
                        MadeReport.versionedEntry(37, 0x87, Bytes.fromHex("00"))));
    }

    @Test
    void switchSaysEverythingThatItsEntriesHold() throws EvidenceException {
        for (MadeReport made : List.of(MadeReport.nvSwitch(), MadeReport.oldSwitch())) {
            SwitchStatement nvSwitch = SwitchStatement.of(
                    AttestationReport.read(made.bytes(), DeviceKind.NVSWITCH).opaque());
            assertEquals(
                    new SwitchStatement(
                            Optional.of("96.10.55.00.01"),
                            Optional.of(Bytes.fromHex("0807060504030201")),
                            List.of(Bytes.fromHex("1122334455667788"), Bytes.fromHex("99aabbccddeeff00")),
                            Optional.of(Bytes.fromHex("00".repeat(4) + "02".repeat(4) + "ff".repeat(56))),
                            Optional.of(Bytes.fromHex("ec00")),
                            Optional.of(3),
                            Optional.of(1),
                            nvSwitch.measurementCounts(),
                            Optional.empty()),
                    nvSwitch);
            assertEquals(26, nvSwitch.measurementCounts().size());
        }
    }

    /** A statement may be asked for with entries that no reader has looked at. */
    @Test
    void statementOfEntriesOfAnotherFormIsRefused() {
        var opaque = new OpaqueData(
                OpaqueData.Layout.LEGACY,
                Optional.empty(),
                List.of(new OpaqueEntry(6, Optional.empty(), Bytes.fromHex("00"))));
        assertThrows(MalformedEvidenceException.class, () -> GpuStatement.of(opaque));
        assertThrows(MalformedEvidenceException.class, () -> SwitchStatement.of(opaque));
    }
}
