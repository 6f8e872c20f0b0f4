/**
 * The pure core: evidence, endorsements, policy, binding and an instant in, an explained result out. No Quarkus, HTTP,
 * files, clock or randomness.
 */
@NullMarked
package io.countersign.verifier;

import org.jspecify.annotations.NullMarked;
