/**
 * Logs of what was measured into the run-time measurement registers: reading them, replaying them against a quote, and
 * telling which of their text was measured. May import {@code bytes}, {@code check}, {@code claim} and {@code scheme}, and
 * Jackson's streaming reader for dstack's JSON.
 *
 * <p>A replay proves the digests of each register and their order, and nothing else: event types, labels, data and the order
 * between registers are whatever the sender wrote. So a {@link io.countersign.verifier.tee.tdx.eventlog.Meaning} is given only
 * where the digest itself carries it, and what has none is listed as unexplained.
 *
 * <p>Documents: TCG PC Client Platform Firmware Profile, rev. 1.06; UEFI Specification 2.10, 38.4; Intel TDX Module Base
 * Architecture Specification (348549); dstack, cc-eventlog; Confidential Containers, AAEL events.
 */
@NullMarked
package io.countersign.verifier.tee.tdx.eventlog;

import org.jspecify.annotations.NullMarked;
