package io.countersign.verifier.result;

import io.countersign.verifier.check.Outcome;

/**
 * How one rule of the policy ended for one submodule.
 *
 * @param submodule the label it was evaluated for, or the empty text for a rule over the whole request
 */
public record RuleResult(String name, String submodule, Outcome outcome) {}
