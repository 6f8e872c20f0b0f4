/**
 * A software AMD, a software Intel, a software NVIDIA and a software attester: for the demo, for fixtures and for tests.
 * Whatever they sign proves nothing about any hardware, and counts only where a configuration names their anchors under
 * {@code countersign.insecure.anchors}.
 *
 * <p>No private key is shipped: the demo makes fresh ones, the fixtures derive public, worthless ones from a seed. May
 * import {@code verifier.bytes}, {@code verifier.claim}, {@code verifier.tee.snp}, {@code verifier.tee.tdx} (names and types
 * only), {@code verifier.trust}, Bouncy Castle, Jackson and the JDK; nothing imports this package but tests and measurements.
 */
@NullMarked
package io.countersign.insecure;

import org.jspecify.annotations.NullMarked;
