/**
 * The attestation report: one SPDM exchange with its measurements and opaque data. May import {@code bytes}.
 */
@NullMarked
package io.countersign.verifier.tee.nvgpu.report;

import org.jspecify.annotations.NullMarked;
