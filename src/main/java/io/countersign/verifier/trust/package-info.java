/**
 * What trust is built from: pinned vendor anchors, strictly read certificates and revocation lists, signatures, windows
 * of time, endorsements in hand or missing, and the tolerances a policy grants. May import {@code bytes}, {@code check}
 * and {@code claim}. Knows no TEE.
 */
@NullMarked
package io.countersign.verifier.trust;

import org.jspecify.annotations.NullMarked;
