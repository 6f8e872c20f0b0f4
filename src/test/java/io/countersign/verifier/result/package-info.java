/** Tests of AR4SI tiers and vectors, and of what a result concludes from what it holds. */
@NullMarked
package io.countersign.verifier.result;

import org.jspecify.annotations.NullMarked;
