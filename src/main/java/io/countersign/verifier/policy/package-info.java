/**
 * Appraisal policies: read from YAML with every issue placed at its line and column, compiled once, and applied to
 * authenticated claims. May import everything of the core but {@code tee} and {@code token}.
 */
@NullMarked
package io.countersign.verifier.policy;

import org.jspecify.annotations.NullMarked;
