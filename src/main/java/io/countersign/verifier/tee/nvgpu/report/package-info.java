/**
 * The attestation report: one SPDM exchange with its measurements and opaque data. Implements DMTF DSP0274, version 1.1
 * (GET_MEASUREMENTS, MEASUREMENTS) and NVIDIA Opaque Data Format, 2026-10. May import {@code bytes} and, for showing,
 * {@code scheme}'s {@code Field}.
 */
@NullMarked
package io.countersign.verifier.tee.nvgpu.report;

import org.jspecify.annotations.NullMarked;
