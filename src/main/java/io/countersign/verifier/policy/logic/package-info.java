/**
 * What can be said of rules without any evidence: that one can never be true, or never false, or that two cannot be true
 * together. May import {@code claim} and CEL's trees, and knows neither YAML nor policies. Says "never" only when it is
 * certain; where it would take too long to tell, it says nothing.
 *
 * <p>An expression of CEL is true, false, or neither, which a claim that is absent makes it. A conjunction is true when all
 * its parts are, a disjunction when one is: CEL language definition, section "Logical Operators". So a rule can be true only
 * if some choice of one part from each disjunction can, and that is what is looked for here.
 */
@NullMarked
package io.countersign.verifier.policy.logic;

import org.jspecify.annotations.NullMarked;
