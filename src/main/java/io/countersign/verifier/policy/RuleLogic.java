package io.countersign.verifier.policy;

import dev.cel.common.navigation.CelNavigableExpr;
import io.countersign.verifier.policy.logic.Clash;
import io.countersign.verifier.policy.logic.Facts;
import io.countersign.verifier.policy.logic.Judgement;
import io.countersign.verifier.policy.logic.Logic;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Tells of rules that no evidence makes true, and of rules that none makes false. */
final class RuleLogic {
    private final Facts facts;
    private final Issues issues;
    private final String what;
    private final NeverFalse neverFalse;

    /** Whether an expression that is never false is worth a word. */
    enum NeverFalse {
        TOLD,
        /** An advisory that always shows, or a rule that is there to warn. */
        MEANT
    }

    /** Takes what the messages call the expression: "the rule". */
    RuleLogic(Facts facts, Issues issues, String what, NeverFalse neverFalse) {
        this.facts = facts;
        this.issues = issues;
        this.what = what;
        this.neverFalse = neverFalse;
    }

    /** What is known of the names that rules of this scope read. */
    static Facts facts(ClaimVocabulary vocabulary, ClaimVocabulary.Scope scope, Map<String, ReferenceSet> references) {
        return new Facts(
                vocabulary.types(scope),
                references.values().stream()
                        .collect(Collectors.toUnmodifiableMap(
                                set -> CelWords.REFERENCES + set.name(), ReferenceSet::values)),
                references.values().stream()
                        .collect(Collectors.toUnmodifiableMap(
                                set -> CelWords.REFERENCES + set.name(), ReferenceSet::lasting)));
    }

    /** Whether some evidence may meet the rule. */
    boolean inspect(RulePlaces places) {
        var rule = places.tree().getRoot().expr();
        return switch (new Logic(facts).judge(rule)) {
            case Judgement.Open _ -> true;
            case Judgement.Never(List<Clash> clashes) -> {
                issues.error(
                        places.beginning(clashes.getLast().at()),
                        (clashes.size() == 1
                                        ? what + " can never be true: "
                                        : what + " can never be true, whichever way it goes: ")
                                + said(clashes),
                        "change it: as it is, no evidence would ever do");
                yield false;
            }
            case Judgement.Always(List<Clash> clashes) -> {
                // A rule that reads no claim is told of already.
                if (neverFalse == NeverFalse.TOLD
                        && places.tree().getRoot().allNodes().anyMatch(this::isClaim)) {
                    issues.warning(
                            places.beginning(rule.id()),
                            what + " is never false: " + said(clashes),
                            "it holds wherever its claims are there; say what they must be");
                }
                yield true;
            }
        };
    }

    private boolean isClaim(CelNavigableExpr node) {
        return CelWords.dottedName(node.expr())
                .filter(facts.claims()::containsKey)
                .isPresent();
    }

    private static String said(List<Clash> clashes) {
        return clashes.stream().map(Clash::says).distinct().collect(Collectors.joining("; "));
    }
}
