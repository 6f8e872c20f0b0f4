/** Writes results as the contract's JSON documents. May import the core's {@code result}, {@code claim} and {@code check}. */
@NullMarked
package io.countersign.service.api.result;

import org.jspecify.annotations.NullMarked;
