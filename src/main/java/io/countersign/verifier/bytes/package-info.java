/**
 * Immutable bytes and the cursor that reads vendor structures from them. Imports nothing of Countersign. Every parser of
 * the core goes through {@link io.countersign.verifier.bytes.ByteCursor}, so that leftovers and truncation are refused by
 * construction.
 */
@NullMarked
package io.countersign.verifier.bytes;

import org.jspecify.annotations.NullMarked;
