package io.countersign.verifier.tee.nvgpu.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.tee.nvgpu.Devices;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every genuine report says what the manifest read off it without this parser. */
class GenuineReportsTest {
    private static final int SIGNATURE = 96;

    static List<Devices.Capture> captures() {
        return Devices.all();
    }

    static List<Devices.Capture> gpus() {
        return Devices.of(DeviceKind.GPU);
    }

    static List<Devices.Capture> switches() {
        return Devices.of(DeviceKind.NVSWITCH);
    }

    private static AttestationReport read(Devices.Capture capture) throws EvidenceException {
        return AttestationReport.read(capture.report(), capture.kind());
    }

    private static Optional<String> expected(Devices.Capture capture, String member) {
        return Optional.ofNullable(capture.expected().get(member)).map(JsonNode::asText);
    }

    private static Optional<String> hex(Optional<Bytes> bytes) {
        return bytes.map(Bytes::toString);
    }

    private static Optional<Integer> number(Devices.Capture capture, String member) {
        return expected(capture, member)
                .map(hex -> Integer.parseInt(Bytes.fromHex(hex).reversed().toString(), 16));
    }

    private static List<Long> counts(Devices.Capture capture) {
        return StreamSupport.stream(capture.expected().required("msrscnt").spliterator(), false)
                .map(JsonNode::asLong)
                .toList();
    }

    @Test
    void theManifestHasGpusOfTwoGenerationsAndSwitches() {
        assertEquals(16, gpus().size());
        assertEquals(7, switches().size());
    }

    @ParameterizedTest
    @MethodSource("captures")
    void messagesAreReadAsTheManifestSays(Devices.Capture capture) throws EvidenceException {
        AttestationReport report = read(capture);
        Bytes raw = capture.report();
        assertEquals(capture.expected().required("report_len").asInt(), raw.length());
        assertEquals(raw, report.raw());
        assertEquals(raw.slice(0, raw.length() - SIGNATURE), report.signedBytes());
        assertEquals(raw.slice(raw.length() - SIGNATURE, raw.length()), report.signature());
        assertEquals(
                new MeasurementsRequest(1, 0xFF, Bytes.fromHex(capture.text("spdm_request_nonce")), 0),
                report.request());
        assertEquals(0, report.response().param1());
        assertEquals(0, report.response().param2());
        assertEquals(
                capture.text("spdm_responder_nonce"), report.response().nonce().toString());
        assertNotEquals(report.request().nonce(), report.response().nonce());
    }

    @ParameterizedTest
    @MethodSource("captures")
    void measurementsStandUnderTheirIndexOfARim(Devices.Capture capture) throws EvidenceException {
        var measurements = read(capture).response().measurements();
        int number = capture.expected().required("number_of_measurements").asInt();
        assertEquals(
                number * 55,
                capture.expected().required("measurement_record_length").asInt());
        assertEquals(number, measurements.size());
        assertEquals(0, measurements.firstKey());
        assertEquals(number - 1, measurements.lastKey());
        measurements.forEach((index, value) ->
                assertEquals(capture.report().slice(45 + 55 * index + 7, 45 + 55 * index + 55), value));
        List<Long> counts = counts(capture);
        if (capture.kind() == DeviceKind.GPU) {
            measurements.forEach((index, value) -> assertEquals(counts.get(index) == 0, value.isAllZero()));
        }
    }

    @ParameterizedTest
    @MethodSource("captures")
    void opaqueEntriesAreTheManifestsInItsOrder(Devices.Capture capture) throws EvidenceException {
        OpaqueData opaque = read(capture).opaque();
        var ids = new ArrayList<Integer>();
        capture.expected().required("opaque_ids").forEach(id -> ids.add(id.asInt()));
        assertEquals(ids, opaque.entries().stream().map(OpaqueEntry::type).toList());
        assertEquals(
                capture.expected().required("opaque_length").asInt(),
                opaque.entries().stream()
                        .mapToInt(entry -> 4 + entry.data().length())
                        .sum());
        assertEquals(OpaqueData.Layout.LEGACY, opaque.layout());
        assertTrue(opaque.entries().stream().allMatch(entry -> entry.valueType().isEmpty()));
        assertEquals(expected(capture, "opaque_data_version").map(Integer::valueOf), opaque.version());
    }

    @ParameterizedTest
    @MethodSource("gpus")
    void gpuSaysWhatTheManifestSays(Devices.Capture capture) throws EvidenceException {
        GpuStatement gpu = GpuStatement.of(read(capture).opaque());
        assertEquals(expected(capture, "driver_version"), gpu.driverVersion());
        assertEquals(expected(capture, "vbios_version"), gpu.vbiosVersion());
        assertEquals(expected(capture, "project"), gpu.project());
        assertEquals(expected(capture, "project_sku"), gpu.projectSku());
        assertEquals(expected(capture, "chip_sku"), gpu.chipSku());
        assertEquals(Optional.of("0"), gpu.chipSkuMod());
        assertEquals(
                capture.text("arch").equals("BLACKWELL") ? Optional.of("0") : Optional.empty(), gpu.projectSkuMod());
        assertEquals(Optional.empty(), gpu.chipInfo());
        assertEquals(expected(capture, "gpu_info_hex"), hex(gpu.gpuInfo()));
        assertEquals(expected(capture, "board_id_hex"), hex(gpu.boardId()));
        assertEquals(expected(capture, "cprinfo_hex"), hex(gpu.cprInfo()));
        assertEquals(expected(capture, "fwid_hex"), hex(gpu.fwid()));
        assertEquals(expected(capture, "sys_enable_status_hex"), hex(gpu.sysEnableStatus()));
        assertEquals(number(capture, "nvdec0_status_hex"), gpu.nvdec0Status());
        assertEquals(number(capture, "protected_pcie_status_hex"), gpu.protectedPcieStatus());
        assertEquals(expected(capture, "feature_flag").map(List.of("SPT", "MPT", "PPCIE")::indexOf), gpu.featureFlag());
        assertEquals(Optional.empty(), gpu.fspUcodeSvn());
        assertEquals(Optional.empty(), gpu.nvleStatus());
        assertEquals(counts(capture), gpu.measurementCounts());
        assertEquals(
                expected(capture, "switch_pdi_field_hex").map(hex -> hex.length() / 16),
                Optional.of(gpu.switchPdis().size()).filter(size -> size > 0));
    }

    @ParameterizedTest
    @MethodSource("switches")
    void switchSaysWhatTheManifestSays(Devices.Capture capture) throws EvidenceException {
        SwitchStatement nvSwitch = SwitchStatement.of(read(capture).opaque());
        assertEquals(expected(capture, "vbios_version"), nvSwitch.biosVersion());
        assertEquals(expected(capture, "switch_pdi_field_hex"), hex(nvSwitch.devicePdi()));
        String gpus = expected(capture, "switch_gpu_pdis_hex").orElseGet(() -> capture.text("gpu_info_hex"));
        assertEquals(
                gpus.substring(0, 128).replaceAll("(f{16})+$", ""),
                nvSwitch.gpuPdis().stream().map(Bytes::toString).reduce("", String::concat));
        assertEquals(Optional.of(gpus.substring(128)), hex(nvSwitch.portMap()));
        assertEquals(expected(capture, "floorswept_ports_hex"), hex(nvSwitch.disabledPorts()));
        assertEquals(number(capture, "position_id_hex"), nvSwitch.positionId());
        assertEquals(number(capture, "lock_switch_status_hex"), nvSwitch.lockSwitchStatus());
        assertEquals(counts(capture), nvSwitch.measurementCounts());
        assertEquals(Optional.empty(), nvSwitch.fwid());
    }

    /** In a machine of eight GPUs and four switches everybody names the others as these name themselves. */
    @Test
    void gpusAndSwitchesOfOneMachineNameEachOther() throws EvidenceException {
        var switches = new HashSet<Bytes>();
        var gpus = new HashSet<Bytes>();
        for (Devices.Capture capture : Devices.ofFile("ppcie_switch_evidence.json")) {
            SwitchStatement nvSwitch = SwitchStatement.of(read(capture).opaque());
            switches.add(nvSwitch.devicePdi().orElseThrow());
            gpus.addAll(nvSwitch.gpuPdis());
        }
        var named = new HashSet<String>();
        for (Devices.Capture capture : Devices.ofFile("ppcie_gpu_evidence.json")) {
            GpuStatement gpu = GpuStatement.of(read(capture).opaque());
            assertEquals(switches, Set.copyOf(gpu.switchPdis()));
            assertEquals(18, gpu.switchPdis().size());
            named.add(capture.text("pdi_from_cert"));
        }
        assertEquals(4, switches.size());
        assertEquals(8, gpus.size());
        assertEquals(named, new HashSet<>(gpus.stream().map(Bytes::toString).toList()));
    }

    @ParameterizedTest
    @MethodSource("captures")
    void noReportIsReadAsThatOfTheOtherKind(Devices.Capture capture) {
        DeviceKind other = capture.kind() == DeviceKind.GPU ? DeviceKind.NVSWITCH : DeviceKind.GPU;
        assertThrows(MalformedEvidenceException.class, () -> AttestationReport.read(capture.report(), other));
    }
}
