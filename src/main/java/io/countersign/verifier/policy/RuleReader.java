package io.countersign.verifier.policy;

import io.countersign.verifier.policy.PolicyDocument.StatedRule;
import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.result.TrustworthinessClaim;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads the rules of a policy as written; compiling their expressions is another step. */
final class RuleReader {
    static final List<String> MEMBERS =
            List.of("name", "replaces", "for", "require", "sets", "affirms", "otherwise", "because", "hint");
    private static final List<String> SETS = Stream.of(TrustworthinessClaim.values())
            .map(TrustworthinessClaim::word)
            .toList();
    private static final List<String> OTHERWISE = List.of(TrustTier.CONTRAINDICATED.word(), TrustTier.WARNING.word());

    private final ClaimVocabulary vocabulary;
    private final Issues issues;

    RuleReader(ClaimVocabulary vocabulary, Issues issues) {
        this.vocabulary = vocabulary;
        this.issues = issues;
    }

    /** The rules that have an expression to compile; what is wrong with them or with others is in the issues. */
    List<StatedRule> read(Members policy, String origin) {
        var rules = new ArrayList<StatedRule>();
        var names = new HashSet<String>();
        if (policy.node("rules").orElse(null) instanceof SequenceNode sequence
                && sequence.getValue().isEmpty()) {
            issues.error(sequence, "rules is empty", "add a rule, or remove the member to judge by what is drawn in");
        }
        for (Members rule : policy.mappings("rules", "a rule", MEMBERS)) {
            rule(rule, origin).ifPresent(stated -> {
                if (!stated.rule().name().isEmpty() && !names.add(stated.rule().name())) {
                    issues.error(
                            stated.name(),
                            "two rules are named \"" + stated.rule().name() + "\"",
                            "rename one of them");
                }
                rules.add(stated);
            });
        }
        return rules;
    }

    private Optional<StatedRule> rule(Members rule, String origin) {
        Optional<ScalarNode> name = rule.requiredText("name").filter(text -> Naming.fits(text, "a rule", issues));
        Optional<ClaimVocabulary.Scope> scope =
                rule.requiredText("for").flatMap(text -> Naming.scope(text, vocabulary, issues));
        Optional<ScalarNode> require = rule.requiredText("require");
        Optional<TrustworthinessClaim> sets = rule.requiredText("sets")
                .flatMap(text -> Naming.oneOf(text, "sets", SETS, issues))
                .flatMap(TrustworthinessClaim::of);
        Optional<String> because = rule.requiredText("because").map(ScalarNode::getValue);
        String hint = rule.text("hint").map(ScalarNode::getValue).orElse("");
        Optional<TrustTier> otherwise = rule.node("otherwise").isEmpty()
                ? Optional.of(TrustTier.CONTRAINDICATED)
                : rule.text("otherwise")
                        .flatMap(text -> Naming.oneOf(text, "otherwise", OTHERWISE, issues))
                        .map(word ->
                                word.equals(TrustTier.WARNING.word()) ? TrustTier.WARNING : TrustTier.CONTRAINDICATED);
        Optional<Integer> affirms = rule.node("affirms").isEmpty() ? sets.map(RuleReader::usualValue) : affirms(rule);
        Optional<ScalarNode> replaces = rule.text("replaces");
        if (scope.isEmpty() || require.isEmpty()) {
            return Optional.empty();
        }
        // With another member missing the policy is refused anyway; its expression is compiled nevertheless, so that
        // all
        // mistakes of a rule are told in one round.
        return Optional.of(new StatedRule(
                new Rule(
                        origin,
                        name.map(ScalarNode::getValue).orElse(""),
                        scope.get(),
                        require.get().getValue().strip(),
                        sets.orElse(TrustworthinessClaim.CONFIGURATION),
                        affirms.orElse(TrustTier.AFFIRMING.number()),
                        otherwise.orElse(TrustTier.CONTRAINDICATED),
                        because.orElse(""),
                        hint),
                replaces,
                name.orElse(require.get()),
                require.get()));
    }

    private Optional<Integer> affirms(Members rule) {
        Optional<Integer> value = rule.integer("affirms", -128, 127);
        return value.filter(number -> {
            TrustTier tier = TrustTier.ofValue(number);
            boolean usable = tier == TrustTier.AFFIRMING || tier == TrustTier.WARNING;
            if (!usable) {
                rule.node("affirms")
                        .ifPresent(node -> issues.error(
                                node,
                                "a rule that is met cannot give " + number + ", which is " + tier.word() + " in AR4SI",
                                "2 to 31 affirm, 32 to 95 warn"));
            }
            return usable;
        });
    }

    /** AR4SI: 3 is "approved at boot" for executables; what happens at run time no CPU report shows. */
    private static int usualValue(TrustworthinessClaim claim) {
        return claim == TrustworthinessClaim.EXECUTABLES ? 3 : 2;
    }
}
