package io.countersign.verifier.policy;

import io.countersign.verifier.policy.PolicyDocument.StatedAdvisory;
import io.countersign.verifier.policy.PolicyDocument.StatedRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Puts a policy's rules and advisories together with those it draws in, and compiles its own. */
final class RuleResolver {
    private static final int MAX_RULES = 200;
    private static final int MAX_ADVISORIES = 50;

    private final PolicyDocument document;
    private final List<AppraisalPolicy> parents;
    private final RuleCompiler compiler;
    private final Issues issues;

    RuleResolver(PolicyDocument document, List<AppraisalPolicy> parents, RuleCompiler compiler, Issues issues) {
        this.document = document;
        this.parents = parents;
        this.compiler = compiler;
        this.issues = issues;
    }

    List<CompiledRule> rules() {
        Set<String> replaced = document.rules().stream()
                .flatMap(stated -> stated.replaces().stream())
                .map(ScalarNode::getValue)
                .collect(Collectors.toSet());
        var all = new LinkedHashMap<String, CompiledRule>();
        parents.forEach(parent -> parent.compiled().forEach(rule -> {
            CompiledRule earlier = all.putIfAbsent(rule.rule().name(), rule);
            if (earlier != null
                    && !earlier.rule().equals(rule.rule())
                    && !replaced.contains(rule.rule().name())) {
                issues.error(
                        document.root(),
                        "the policies drawn in have different rules named \""
                                + rule.rule().name() + "\"",
                        "replace it here: a rule with replaces: \""
                                + rule.rule().name() + "\"");
            }
        }));
        if (document.rules().size() > MAX_RULES) {
            // Before any of them is compiled: a draft is from anybody, and compiling is what costs.
            tooManyRules();
            return List.of();
        }
        var inherited = Set.copyOf(all.keySet());
        var own = new ArrayList<CompiledRule>();
        for (StatedRule stated : document.rules()) {
            stated.replaces().ifPresent(name -> {
                if (all.remove(name.getValue()) == null && DrawnIn.of(document.parents(), parents) == DrawnIn.ALL) {
                    issues.error(
                            name,
                            "no policy drawn in has a rule \"" + name.getValue() + "\"",
                            Spelling.suggest(name.getValue(), inherited));
                }
            });
            compiler.compile(stated.rule(), stated.require()).ifPresent(own::add);
        }
        for (StatedRule stated : document.rules()) {
            if (all.containsKey(stated.rule().name())) {
                issues.error(
                        stated.name(),
                        "a policy drawn in already has a rule \""
                                + stated.rule().name() + "\"",
                        "rename it, or say that it takes the other's place: replaces: \""
                                + stated.rule().name() + "\"");
            }
        }
        var rules = new ArrayList<>(all.values());
        rules.addAll(own);
        if (rules.size() > MAX_RULES) {
            tooManyRules();
        }
        return rules;
    }

    private void tooManyRules() {
        issues.error(document.root(), "a policy has at most %d rules, with those it draws in".formatted(MAX_RULES), "");
    }

    /** Nothing replaces an advisory: who draws a policy in hears what it has to say. */
    List<CompiledAdvisory> advisories() {
        var all = new LinkedHashMap<String, CompiledAdvisory>();
        parents.forEach(parent -> parent.compiledAdvisories().forEach(advisory -> {
            CompiledAdvisory earlier = all.putIfAbsent(advisory.advisory().name(), advisory);
            if (earlier != null && !earlier.advisory().equals(advisory.advisory())) {
                issues.error(
                        document.root(),
                        "the policies drawn in have different advisories named \""
                                + advisory.advisory().name() + "\"",
                        "rename one of them");
            }
        }));
        if (all.size() + document.advisories().size() > MAX_ADVISORIES) {
            issues.error(
                    document.root(),
                    "a policy has at most %d advisories, with those it draws in".formatted(MAX_ADVISORIES),
                    "");
            return List.of();
        }
        for (StatedAdvisory stated : document.advisories()) {
            String name = stated.advisory().name();
            if (all.containsKey(name)) {
                issues.error(stated.name(), "a policy drawn in already has an advisory \"" + name + "\"", "rename it");
            }
            compiler.compile(stated.advisory(), stated.when()).ifPresent(compiled -> all.putIfAbsent(name, compiled));
        }
        return List.copyOf(all.values());
    }
}
