package io.countersign.verifier.tee.nvgpu.report;

import io.countersign.verifier.bytes.Bytes;
import java.util.Optional;

/**
 * One entry of the opaque data.
 *
 * @param type known or not
 * @param valueType in the versioned layout; the values seen are those of DMTFSpecMeasurementValueType in DMTF DSP0274, version
 *     1.2, so that 0x87 is a raw security version number
 */
public record OpaqueEntry(int type, Optional<Integer> valueType, Bytes data) {}
