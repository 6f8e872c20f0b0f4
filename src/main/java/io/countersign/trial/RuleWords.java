package io.countersign.trial;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.result.RuleResult;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rules by name, where one that is evaluated on several submodules counts by the worst. */
final class RuleWords {
    private static final Comparator<RuleResult> BY_BADNESS =
            Comparator.comparingInt(result -> badness(result.outcome()));

    private RuleWords() {}

    static Optional<String> worst(String name, List<RuleResult> rules) {
        return rules.stream()
                .filter(rule -> rule.name().equals(name))
                .max(BY_BADNESS)
                .map(rule -> rule.outcome().word());
    }

    /** The worst result of every rule, in the order of the first of each name. */
    static Map<String, RuleResult> worst(List<RuleResult> rules) {
        var worst = new LinkedHashMap<String, RuleResult>();
        rules.forEach(rule ->
                worst.merge(rule.name(), rule, (one, other) -> BY_BADNESS.compare(one, other) >= 0 ? one : other));
        return worst;
    }

    static List<String> names(List<RuleResult> rules) {
        return rules.stream().map(RuleResult::name).distinct().toList();
    }

    private static int badness(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Passed _ -> 0;
            case Outcome.Waived _ -> 1;
            case Outcome.Undetermined _ -> 2;
            case Outcome.NotReached _ -> 3;
            case Outcome.Failed _ -> 4;
        };
    }
}
