/** Tests of what stands in tokens, without the service around them. */
@NullMarked
package io.countersign.verifier.token;

import org.jspecify.annotations.NullMarked;
