package io.countersign.verifier.policy;

import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.result.TrustworthinessClaim;

/**
 * One demand of a policy.
 *
 * @param origin the id of the policy that wrote it
 * @param require the CEL expression that must be true
 * @param affirms the AR4SI value when it is met
 * @param otherwise the tier when it is not
 * @param because why it is demanded, one sentence for people
 * @param hint what to do when it is not met, or the empty text
 */
public record Rule(
        String origin,
        String name,
        ClaimVocabulary.Scope scope,
        String require,
        TrustworthinessClaim sets,
        int affirms,
        TrustTier otherwise,
        String because,
        String hint) {}
