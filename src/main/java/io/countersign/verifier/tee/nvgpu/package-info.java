/**
 * NVIDIA GPUs in confidential-computing mode and their NVSwitches: what is checked, who vouches for what, and the claims that
 * come out. The folders below do one thing each: {@code pki} keys, roots and chains, {@code report} the evidence, {@code rim}
 * NVIDIA's reference values, {@code ocsp} what its responder says about certificates.
 *
 * <p>Documents: DMTF DSP0274, Security Protocol and Data Model, version 1.1 (GET_MEASUREMENTS, MEASUREMENTS); NVIDIA
 * Attestation Suite documentation and the opaque data document that it links to (2026-10); TCG DICE Attestation Architecture
 * 1.1; TCG Reference Integrity Manifest Information Model 1.01; ISO/IEC 19770-2:2015; W3C XML Signature 1.1; RFC 6960.
 * NVIDIA publishes no complete layout: what no document says was read off genuine reports.
 *
 * <p>May import everything of the core but other TEEs, {@code policy}, {@code result} and {@code token}.
 */
@NullMarked
package io.countersign.verifier.tee.nvgpu;

import org.jspecify.annotations.NullMarked;
