package io.countersign.verifier.policy;

import io.countersign.verifier.policy.PolicyDocument.StatedRule;
import io.countersign.verifier.policy.logic.Contradictions;
import io.countersign.verifier.policy.logic.Contradictions.Conflict;
import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.scheme.DeviceClass;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Tells of rules that no evidence of a type that the policy expects can meet, alone or together. What somebody may mean is a
 * warning: a rule that leaves other expected types, devices that need not be there, rules that only warn when not met.
 */
final class RuleContradictions {
    private final ClaimVocabulary vocabulary;
    private final Issues issues;

    /** A conflict in words, but for the evidence types. */
    private record Told(Optional<StatedRule> at, Parties parties, String rules, String why, String suggestion) {}

    /** Whether a rule excludes evidence by itself, as one that is about another type does, or only beside another rule. */
    private enum Parties {
        ONE,
        SEVERAL
    }

    RuleContradictions(ClaimVocabulary vocabulary, Issues issues) {
        this.vocabulary = vocabulary;
        this.issues = issues;
    }

    void inspect(PolicyDocument document, AppraisalPolicy.Parts policy) {
        var found = new LinkedHashMap<String, Told>();
        var warned = new LinkedHashMap<Told, List<String>>();
        for (String type : expected(policy.expectations())) {
            List<CompiledRule> all = policy.rules().stream()
                    .filter(rule -> rule.rule().scope().types().contains(type))
                    .toList();
            List<CompiledRule> needed = all.stream()
                    .filter(rule -> rule.rule().otherwise() == TrustTier.CONTRAINDICATED)
                    .toList();
            Optional<Told> conflict = conflict(document, policy, type, needed);
            conflict.ifPresent(told -> found.put(type, told));
            if (conflict.isEmpty() && needed.size() < all.size()) {
                conflict(document, policy, type, all)
                        .ifPresent(told -> warned.computeIfAbsent(told, _ -> new ArrayList<>())
                                .add(type));
            }
        }
        var errors = new LinkedHashMap<Told, List<String>>();
        found.forEach((type, told) -> (isMistake(type, told, found.keySet(), policy.expectations()) ? errors : warned)
                .computeIfAbsent(told, _ -> new ArrayList<>())
                .add(type));
        errors.forEach((conflict, types) ->
                issues.error(place(document, conflict), message(conflict, types), conflict.suggestion()));
        warned.forEach((conflict, types) ->
                issues.warning(place(document, conflict), message(conflict, types), conflict.suggestion()));
    }

    /**
     * Nobody means rules that exclude each other, nor one that leaves no type of a device that must be there; one rule may mean
     * to admit some of the expected types only.
     */
    private boolean isMistake(String type, Told told, Set<String> out, Expectations expectations) {
        DeviceClass deviceClass = vocabulary.scope(type).orElseThrow().deviceClass();
        boolean meant = told.parties() == Parties.ONE && !out.containsAll(expected(expectations, deviceClass));
        return !meant && expectations.count(deviceClass).min() > 0;
    }

    private Set<String> expected(Expectations expectations, DeviceClass deviceClass) {
        return deviceClass == DeviceClass.CPU ? expectations.cpuTypes() : vocabulary.types(deviceClass);
    }

    private static Node place(PolicyDocument document, Told conflict) {
        return conflict.at().<Node>map(StatedRule::name).orElse(document.root());
    }

    private static String message(Told conflict, List<String> types) {
        return "no %s evidence can meet %s: %s".formatted(String.join(" or ", types), conflict.rules(), conflict.why());
    }

    private Set<String> expected(Expectations expectations) {
        var types = new TreeSet<>(expectations.cpuTypes());
        if (expectations.gpus().max() > 0) {
            types.addAll(vocabulary.types(DeviceClass.GPU));
        }
        if (expectations.nvswitches().max() > 0) {
            types.addAll(vocabulary.types(DeviceClass.NVSWITCH));
        }
        return types;
    }

    private Optional<Told> conflict(
            PolicyDocument document, AppraisalPolicy.Parts policy, String type, List<CompiledRule> rules) {
        Map<String, ReferenceSet> references = policy.values().references();
        return vocabulary
                .scope(type)
                .flatMap(scope -> Contradictions.among(
                        rules.stream().map(CompiledRule::tree).toList(),
                        RuleLogic.facts(vocabulary, scope, references)))
                .map(conflict -> told(document, type, rules, conflict));
    }

    private static Told told(PolicyDocument document, String type, List<CompiledRule> rules, Conflict conflict) {
        String name = rules.get(conflict.rule()).rule().name();
        Optional<StatedRule> own = own(document, name);
        String subject = own.isPresent() ? "this rule" : "the rule \"" + name + "\" that is drawn in";
        String why = conflict.clash().says();
        return switch (conflict.others().size()) {
            case 0 ->
                new Told(
                        own,
                        Parties.ONE,
                        subject,
                        why,
                        "make the rule for the evidence that it is about, or leave " + type
                                + " out of what is expected");
            case 1 -> {
                String other = rules.get(conflict.others().getFirst()).rule().name();
                yield new Told(
                        own,
                        Parties.SEVERAL,
                        "both " + subject + " and \"" + other + "\"",
                        why,
                        own(document, other).isPresent()
                                ? "change one of them"
                                : "change this one, or put it in the other's place: replaces: \"" + other + "\"");
            }
            default -> new Told(own, Parties.SEVERAL, subject + " together with the others", why, "change one of them");
        };
    }

    private static Optional<StatedRule> own(PolicyDocument document, String name) {
        return document.rules().stream()
                .filter(stated -> stated.rule().name().equals(name))
                .findFirst();
    }
}
