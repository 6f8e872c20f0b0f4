/**
 * Appraisal policies: read from YAML with every issue placed at its line and column, compiled once, and applied to
 * authenticated claims. May import everything of the core but {@code tee} and {@code token}, and is the only package that
 * knows YAML (1.2, core schema) and CEL. Implements the values of draft-ietf-rats-ar4si, section 2.3, and the canonical
 * form of RFC 8785.
 */
@NullMarked
package io.countersign.verifier.policy;

import org.jspecify.annotations.NullMarked;
