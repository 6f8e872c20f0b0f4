package io.countersign.verifier.tee.nvgpu.report;

import io.countersign.verifier.bytes.Bytes;
import java.util.Optional;

/**
 * One entry of the opaque data.
 *
 * @param type known or not
 * @param valueType in the versioned layout: what SPDM calls DMTFSpecMeasurementValueType; DMTF DSP0274, version 1.2
 */
public record OpaqueEntry(int type, Optional<Integer> valueType, Bytes data) {}
