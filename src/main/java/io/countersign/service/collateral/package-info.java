/**
 * Gathers endorsements for the core: from a folder, from memory, or from the vendor that publishes them. Each vendor is
 * one {@link io.countersign.service.collateral.EndorsementSource}; everything around it (memory, folder, one fetch at a
 * time per endorsement, back-off, budgets) is shared. What is gathered is bytes to be judged by the core, never trusted.
 *
 * <p>Implements AMD publication 57230 "VCEK Certificate and KDS Interface", section 4; the client of the Intel PCS API,
 * version 4, as its cache PCCS (Intel SGX PCCS design guide) mirrors it; and the clients of the NVIDIA RIM service API, version
 * 1, and of an OCSP responder (RFC 6960, appendix A). May import the core's {@code bytes}, {@code check}, {@code trust}, the
 * endorsement references of {@code tee}, the OCSP question of {@code tee.nvgpu.ocsp} and {@code service.verbs} for the deadline of a
 * request; nothing else of {@code service}.
 */
@NullMarked
package io.countersign.service.collateral;

import org.jspecify.annotations.NullMarked;
