/**
 * Typed claims, what binds them to a request, and how authenticating evidence ended. May import {@code bytes} and
 * {@code check}. {@link io.countersign.verifier.claim.Authentication} cannot be built from outside: skipping
 * authentication does not compile.
 */
@NullMarked
package io.countersign.verifier.claim;

import org.jspecify.annotations.NullMarked;
