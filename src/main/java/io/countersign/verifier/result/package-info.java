/**
 * What an appraisal concluded: AR4SI vectors and tiers (draft-ietf-rats-ar4si), rules, submodules, and the whole result,
 * whose status is computed and never passed in. May import everything of the core but {@code policy} and {@code token}.
 */
@NullMarked
package io.countersign.verifier.result;

import org.jspecify.annotations.NullMarked;
