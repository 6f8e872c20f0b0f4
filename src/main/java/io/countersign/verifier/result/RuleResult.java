package io.countersign.verifier.result;

import io.countersign.verifier.check.Outcome;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How one rule of the policy ended for one submodule.
 *
 * @param submodule the label it was evaluated for, or the empty text for a rule over the whole request
 * @param because the policy's own sentence, whatever the outcome
 * @param origin the id of the policy that wrote the rule
 * @param saw what it read, by the names that rules use: {@code cpu.snp.vmpl}; nothing where it was not reached
 */
public record RuleResult(
        String name, String submodule, Outcome outcome, String because, String origin, Map<String, Seen> saw) {
    public RuleResult {
        saw = Collections.unmodifiableMap(new LinkedHashMap<>(saw));
    }
}
