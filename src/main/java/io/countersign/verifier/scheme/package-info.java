/**
 * The plug that every TEE fits, the registry of those that do, and evidence of one or of many devices. May import
 * everything of the core but {@code tee}, {@code policy}, {@code result} and {@code token}.
 */
@NullMarked
package io.countersign.verifier.scheme;

import org.jspecify.annotations.NullMarked;
