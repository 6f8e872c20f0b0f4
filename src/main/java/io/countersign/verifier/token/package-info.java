/**
 * Attestation results as tokens: EAR claims (draft-ietf-rats-ear-03, or the dotted names of its predecessors) built
 * from a result that is favourable, and the interface that signs them. May import everything of the core but
 * {@code tee} and {@code policy}.
 */
@NullMarked
package io.countersign.verifier.token;

import org.jspecify.annotations.NullMarked;
