/**
 * What Intel publishes about platforms and quoting enclaves, and the TCB verdict that follows from it. Signatures and
 * windows of time are judged by whoever asks. May import {@code bytes}, {@code trust} and {@code quote}.
 */
@NullMarked
package io.countersign.verifier.tee.tdx.collateral;

import org.jspecify.annotations.NullMarked;
