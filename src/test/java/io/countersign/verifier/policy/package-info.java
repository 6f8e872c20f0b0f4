/** Tests of policies: reading, compiling, applying, and proof of those that ship. */
@NullMarked
package io.countersign.verifier.policy;

import org.jspecify.annotations.NullMarked;
