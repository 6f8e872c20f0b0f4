package io.countersign.verifier.tee.nvgpu.report;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.scheme.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every field of a report, by the names of SPDM and NVIDIA, for people; nothing is judged. */
public final class ReportFields {
    private static final Map<String, String> STATUS = Map.of("aa", " (enabled)", "55", " (disabled)");
    private static final Map<String, String> FEATURES = Map.of("0", " (SPT)", "1", " (MPT)", "2", " (PPCIE)");

    private final AttestationReport report;
    private final DeviceKind kind;
    private final List<Field> fields = new ArrayList<>();

    private ReportFields(AttestationReport report, DeviceKind kind) {
        this.report = report;
        this.kind = kind;
    }

    public static List<Field> of(AttestationReport report, DeviceKind kind) {
        var fields = new ReportFields(report, kind);
        fields.request(report.raw().slice(0, MeasurementsRequest.LENGTH));
        fields.response(
                report.raw().slice(MeasurementsRequest.LENGTH, report.raw().length()));
        return List.copyOf(fields.fields);
    }

    private void request(Bytes message) {
        String in = MeasurementsRequest.STRUCTURE;
        head(in, message);
        bytes(in, "Nonce", 4, report.request().nonce());
        number(in, "SlotIDParam", 36, 1, report.request().slotId());
    }

    private void response(Bytes message) {
        String in = MeasurementsResponse.STRUCTURE;
        int blocks = report.response().measurements().size();
        int record = blocks * MeasurementBlock.LENGTH;
        int nonce = MeasurementsResponse.HEAD + record;
        int opaque = nonce + MeasurementsResponse.NONCE + 2;
        int signature = message.length() - MeasurementsResponse.SIGNATURE;
        head(in, message);
        number(in, "NumberOfBlocks", 4, 1, blocks);
        number(in, "MeasurementRecordLength", 5, 3, record);
        for (int i = 0; i < blocks; i++) {
            block(message, MeasurementsResponse.HEAD + i * MeasurementBlock.LENGTH);
        }
        bytes(in, "Nonce", nonce, report.response().nonce());
        number(in, "OpaqueLength", opaque - 2, 2, signature - opaque);
        opaque(message.slice(opaque, signature));
        bytes(in, "Signature", signature, report.signature());
    }

    /** What both messages begin with; the codes as they are written in the specification. */
    private void head(String in, Bytes message) {
        bytes(in, "SPDMVersion", 0, message.slice(0, 1));
        bytes(in, "RequestResponseCode", 1, message.slice(1, 2));
        bytes(in, "Param1", 2, message.slice(2, 3));
        bytes(in, "Param2", 3, message.slice(3, 4));
    }

    /** One line for a block: of its other fields only index and type differ. */
    private void block(Bytes message, int offset) {
        int value = offset + MeasurementBlock.VALUE_OFFSET;
        var block = new MeasurementBlock(
                message.u8(offset),
                message.u8(offset + 4),
                message.slice(value, value + MeasurementBlock.VALUE_LENGTH));
        add(
                MeasurementsResponse.STRUCTURE,
                "Measurement %d, RIM index %d".formatted(block.index(), block.index() - 1),
                value,
                MeasurementBlock.VALUE_LENGTH,
                "%s (%s)".formatted(block.value(), block.valueTypeName()));
    }

    private void opaque(Bytes raw) {
        OpaqueData opaque = report.opaque();
        if (opaque.layout() == OpaqueData.Layout.VERSIONED) {
            String in = OpaqueData.STRUCTURE;
            add(in, "Magic", 0, 6, raw.slice(0, 6).toUtf8());
            number(in, "Profile", 6, 2, raw.u8(6) | raw.u8(7) << 8);
            add(in, "Version", 8, 4, "%d.%d.%d".formatted(raw.u8(8), raw.u8(9), raw.u8(10)));
        }
        List<Integer> offsets = opaque.dataOffsets();
        for (int i = 0; i < offsets.size(); i++) {
            entry(opaque.entries().get(i), offsets.get(i));
        }
    }

    private void entry(OpaqueEntry entry, int offset) {
        Optional<OpaqueType> type = OpaqueType.of(entry.type(), kind);
        String value = type.map(known -> shown(known, entry.data()))
                .orElse(entry.data().toString());
        String valueType =
                entry.valueType().map(", value type 0x%02x"::formatted).orElse("");
        String name = type.map(OpaqueType::name).orElse("type " + entry.type()) + valueType;
        add(OpaqueData.STRUCTURE, name, offset, entry.data().length(), value);
    }

    private String shown(OpaqueType type, Bytes data) {
        String value = type.form(kind).shown(data);
        return switch (type) {
            case NVDEC0_STATUS, PROTECTED_PCIE_STATUS -> value + STATUS.getOrDefault(value, "");
            case FEATURE_FLAG -> value + FEATURES.getOrDefault(value, "");
            default -> value;
        };
    }

    private void number(String in, String name, int offset, int length, int value) {
        add(in, name, offset, length, Integer.toString(value));
    }

    private void bytes(String in, String name, int offset, Bytes value) {
        add(in, name, offset, value.length(), value.toString());
    }

    private void add(String in, String name, int offset, int length, String value) {
        fields.add(new Field(in, name, offset, length, value));
    }
}
