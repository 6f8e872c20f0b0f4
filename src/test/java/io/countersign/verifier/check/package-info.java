/** Tests of how findings are told. */
@NullMarked
package io.countersign.verifier.check;

import org.jspecify.annotations.NullMarked;
