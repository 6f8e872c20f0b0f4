package io.countersign.verifier.tee.nvgpu.report;

import io.countersign.verifier.bytes.ByteCursor;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import java.util.List;

/**
 * One measurement, always a SHA-384 digest. DMTF DSP0274, version 1.1, "Measurement block format" and "DMTF measurement
 * specification format".
 *
 * @param index as SPDM counts, from 1
 */
record MeasurementBlock(int index, int valueType, Bytes value) {
    static final int LENGTH = 55;
    static final int VALUE_OFFSET = 7;
    static final int VALUE_LENGTH = 48;

    /** NVIDIA, Opaque Data RIM Attributes, "Background": 0 to 63 are the measurement blocks, there counted from 0. */
    private static final int LAST_INDEX = 64;

    private static final int DMTF = 1;

    /** DMTFSpecMeasurementValueType, bits 6 to 0; bit 7 would say that the value is no digest. */
    private static final List<String> VALUE_TYPES = List.of(
            "immutable ROM",
            "mutable firmware",
            "hardware configuration",
            "firmware configuration",
            "measurement manifest");

    static MeasurementBlock read(ByteCursor in, String record) throws MalformedEvidenceException {
        int start = in.position();
        int index = in.u8(); // Index
        if (index < 1 || index > LAST_INDEX) {
            throw new MalformedEvidenceException(
                    record, start, "a block of index %d; a device has 1 to %d".formatted(index, LAST_INDEX));
        }
        int specification = in.u8(); // MeasurementSpecification
        if (specification != DMTF) {
            throw new MalformedEvidenceException(
                    record, start + 1, "measurement specification %d; only 1, DMTF, is read".formatted(specification));
        }
        int size = in.u16(); // MeasurementSize
        if (size != 3 + VALUE_LENGTH) {
            throw new MalformedEvidenceException(
                    record, start + 2, "a measurement of %d bytes; one of a SHA-384 digest has 51".formatted(size));
        }
        int type = in.u8(); // DMTFSpecMeasurementValueType
        if (type >= VALUE_TYPES.size()) {
            throw new MalformedEvidenceException(
                    record, start + 4, "value type 0x%02x; digests have 0x00 to 0x04".formatted(type));
        }
        int valueSize = in.u16(); // DMTFSpecMeasurementValueSize
        if (valueSize != VALUE_LENGTH) {
            throw new MalformedEvidenceException(
                    record, start + 5, "a value of %d bytes; a SHA-384 digest has 48".formatted(valueSize));
        }
        return new MeasurementBlock(index, type, in.bytes(VALUE_LENGTH)); // DMTFSpecMeasurementValue
    }

    String valueTypeName() {
        return VALUE_TYPES.get(valueType);
    }
}
