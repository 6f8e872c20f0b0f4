package io.countersign.verifier.tee.nvgpu.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.scheme.Field;
import io.countersign.verifier.tee.nvgpu.Devices;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is shown of a report stands where it is said to stand. */
class ReportFieldsTest {
    record Shown(String name, Bytes report, DeviceKind kind) {
        List<Field> fields() throws EvidenceException {
            return ReportFields.of(AttestationReport.read(report, kind), kind);
        }

        String value(String name) throws EvidenceException {
            return fields().stream()
                    .filter(field -> field.name().equals(name))
                    .map(Field::value)
                    .collect(Collectors.joining(" | "));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final Shown GPU = new Shown("gpu", MadeReport.gpu().bytes(), DeviceKind.GPU);
    private static final Shown VERSIONED =
            new Shown("versioned", MadeReport.versionedGpu().bytes(), DeviceKind.GPU);
    private static final Shown SWITCH =
            new Shown("switch", MadeReport.nvSwitch().bytes(), DeviceKind.NVSWITCH);
    private static final Shown OLD_SWITCH =
            new Shown("old switch", MadeReport.oldSwitch().bytes(), DeviceKind.NVSWITCH);

    static List<Shown> reports() {
        Stream<Shown> genuine = Devices.areHere()
                ? Devices.all().stream().map(each -> new Shown(each.name(), each.report(), each.kind()))
                : Stream.empty();
        return Stream.concat(Stream.of(GPU, VERSIONED, SWITCH, OLD_SWITCH), genuine)
                .toList();
    }

    /** Where each structure begins. */
    private static int start(Shown shown, Field field) {
        int record = shown.report().u8(42) | shown.report().u8(43) << 8;
        int begin = Objects.requireNonNull(
                Map.of("GET_MEASUREMENTS", 0, "MEASUREMENTS", 37, "opaque data", 37 + 42 + record)
                        .get(field.structure()));
        return begin + field.offset();
    }

    @ParameterizedTest
    @MethodSource("reports")
    void fieldsFollowEachOtherWithoutOverlapToTheEnd(Shown shown) throws EvidenceException {
        int end = 0;
        int covered = 0;
        for (Field field : shown.fields()) {
            int start = start(shown, field);
            assertTrue(start >= end, field.toString());
            end = start + field.length();
            covered += field.length();
        }
        assertEquals(shown.report().length(), end);
        AttestationReport report = AttestationReport.read(shown.report(), shown.kind());
        int entryHead = report.opaque().layout() == OpaqueData.Layout.VERSIONED ? 6 : 4;
        // All but what is the same in every block, and the heads of the entries.
        assertEquals(
                shown.report().length()
                        - 7 * report.response().measurements().size()
                        - entryHead * report.opaque().entries().size(),
                covered);
    }

    @ParameterizedTest
    @MethodSource("reports")
    void hexAndNumbersAreOfTheBytesAtTheOffset(Shown shown) throws EvidenceException {
        int compared = 0;
        for (Field field : shown.fields()) {
            int start = start(shown, field);
            Bytes found = shown.report().slice(start, start + field.length());
            String value = field.value().replaceFirst(" \\(.*", "");
            if (value.length() == 2 * field.length() && value.equals(found.toString())) {
                compared++;
            } else if (field.length() <= 3 && !field.name().contains("_SKU") && value.matches("[0-9]+")) {
                assertEquals(Integer.parseInt(found.reversed().toString(), 16), Integer.parseInt(value), field.name());
                compared++;
            }
        }
        // Two heads of four and five numbers, two nonces, the signature, and every measurement.
        assertTrue(compared >= 15 + (shown.kind() == DeviceKind.GPU ? 64 : 31), shown.name() + " " + compared);
    }

    @Test
    void valuesOfAGpuAreDecoded() throws EvidenceException {
        var values = new LinkedHashMap<String, String>();
        values.put("SlotIDParam", "0");
        values.put("NumberOfBlocks", "64");
        values.put("MeasurementRecordLength", "3520");
        values.put("Measurement 3, RIM index 2", Bytes.utf8("measurement 3").sha384() + " (mutable firmware)");
        values.put("VBIOS_VERSION", "96.00.9F.00.01");
        values.put("DRIVER_VERSION", "580.126.20");
        values.put("PROJECT_SKU_MOD", "");
        values.put("BOARD_ID", "b1030000");
        values.put("NVDEC0_STATUS", "55 (disabled)");
        values.put("PROTECTED_PCIE_STATUS", "aa (enabled)");
        values.put("FEATURE_FLAG", "2 (PPCIE)");
        values.put("OPAQUE_DATA_VERSION", "1");
        values.put("SWITCH_PDI", "0807060504030201, ".repeat(17) + "0000000000000000");
        for (Map.Entry<String, String> each : values.entrySet()) {
            assertEquals(each.getValue(), GPU.value(each.getKey()), each.getKey());
        }
        assertTrue(GPU.value("MSRSCNT").startsWith("0, 1000, 2000, "), GPU.value("MSRSCNT"));
    }

    @Test
    void valuesOfASwitchAreDecoded() throws EvidenceException {
        assertEquals("96.10.55.00.01", SWITCH.value("VBIOS_VERSION"));
        assertEquals("0807060504030201", SWITCH.value("DEVICE_PDI"));
        assertEquals("3", SWITCH.value("POSITION_ID"));
        assertEquals("1", SWITCH.value("LOCK_SWITCH_STATUS"));
        assertEquals("ec00", SWITCH.value("DISABLED_PORTS"));
        assertEquals(SWITCH.value("SWITCH_GPU_PDIS"), OLD_SWITCH.value("GPU_INFO"));
    }

    @Test
    void headerAndValueTypesOfTheVersionedLayoutAreShown() throws EvidenceException {
        assertEquals("NVDAOD", VERSIONED.value("Magic"));
        assertEquals("0", VERSIONED.value("Profile"));
        assertEquals("2.0.0", VERSIONED.value("Version"));
        assertEquals("580.126.20", VERSIONED.value("DRIVER_VERSION, value type 0x86"));
    }

    @Test
    void unknownEntriesAndValuesAreShownAsTheyAre() throws EvidenceException {
        var entries = MadeReport.gpuEntries();
        entries.put(1000, Bytes.fromHex("abcd"));
        entries.put(11, Bytes.fromHex("13"));
        entries.put(36, Bytes.fromHex("0700"));
        var shown = new Shown(
                "unknown",
                MadeReport.gpu().withOpaque(MadeReport.legacy(entries)).bytes(),
                DeviceKind.GPU);
        assertEquals("abcd", shown.value("type 1000"));
        assertEquals("13", shown.value("NVDEC0_STATUS"));
        assertEquals("7", shown.value("FEATURE_FLAG"));
    }
}
