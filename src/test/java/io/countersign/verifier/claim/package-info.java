/** Tests of bindings, claims and how authenticating ends. */
@NullMarked
package io.countersign.verifier.claim;

import org.jspecify.annotations.NullMarked;
