package io.countersign.service.audit;

import io.countersign.verifier.check.Check;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.result.Appraisal;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.result.RuleResult;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A verdict in codes and names: what failed, could not be determined or was waived. What passed is not said, nor what an earlier
 * check kept from being reached; and no claim is, for claims name machines.
 */
final class VerdictMembers {
    private VerdictMembers() {}

    static Map<String, Object> of(AttestationResult result) {
        var members = new LinkedHashMap<String, Object>();
        members.put("status", result.status().word());
        var submods = new LinkedHashMap<String, Object>();
        for (Appraisal appraisal : result.submodules()) {
            submods.put(appraisal.label(), submodule(appraisal));
        }
        members.put("submods", submods);
        putUnlessEmpty(members, "checks", checks(result.compositeChecks().checks()));
        putUnlessEmpty(members, "rules", rules(result.rules()));
        return members;
    }

    private static Map<String, Object> submodule(Appraisal appraisal) {
        var members = new LinkedHashMap<String, Object>();
        members.put("type", appraisal.type());
        members.put("status", appraisal.status().word());
        Authentication authentication = appraisal.authentication();
        members.put("authenticity", authentication.authenticity().word());
        putUnlessEmpty(members, "checks", checks(authentication.report().checks()));
        return members;
    }

    private static Map<String, Object> checks(List<Check> checks) {
        var byOutcome = new LinkedHashMap<String, Set<String>>();
        for (Check check : checks) {
            note(byOutcome, check.outcome(), check.id().code());
        }
        return new LinkedHashMap<>(byOutcome);
    }

    /** By name, whatever device they are not met for. */
    private static Map<String, Object> rules(List<RuleResult> rules) {
        var byOutcome = new LinkedHashMap<String, Set<String>>();
        for (RuleResult rule : rules) {
            note(byOutcome, rule.outcome(), rule.name());
        }
        return new LinkedHashMap<>(byOutcome);
    }

    private static void note(Map<String, Set<String>> byOutcome, Outcome outcome, String name) {
        switch (outcome) {
            case Outcome.Passed _, Outcome.NotReached _ -> {}
            case Outcome.Failed _, Outcome.Undetermined _, Outcome.Waived _ ->
                byOutcome
                        .computeIfAbsent(outcome.word(), _ -> new LinkedHashSet<>())
                        .add(name);
        }
    }

    private static void putUnlessEmpty(Map<String, Object> members, String name, Map<String, Object> value) {
        if (!value.isEmpty()) {
            members.put(name, value);
        }
    }
}
