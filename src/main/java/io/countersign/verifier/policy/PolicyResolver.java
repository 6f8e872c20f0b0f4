package io.countersign.verifier.policy;

import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.policy.Expectations.Count;
import io.countersign.verifier.policy.PolicyDocument.Stated;
import io.countersign.verifier.policy.PolicyDocument.StatedRule;
import io.countersign.verifier.scheme.DeviceClass;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Puts a policy together with those it draws in. What the policy states itself counts; where it is silent, the strictest
 * of what it draws in counts. Rules and reference values add up. {@code mint} and {@code any-workload} are never drawn
 * in: who lets tokens be made says so in the same file.
 */
final class PolicyResolver {
    private static final int MAX_RULES = 200;

    private final ClaimVocabulary vocabulary;
    private final Issues issues;
    private final String source;

    PolicyResolver(ClaimVocabulary vocabulary, Issues issues, String source) {
        this.vocabulary = vocabulary;
        this.issues = issues;
        this.source = source;
    }

    PolicyReading resolve(PolicyDocument document, AppraisalPolicy.Kind kind, List<AppraisalPolicy> parents) {
        Map<String, ReferenceSet> references = references(document, parents);
        List<CompiledRule> rules = rules(document, parents, references);
        var parts = new AppraisalPolicy.Parts(
                kind,
                document.id(),
                document.version(),
                document.summary(),
                source,
                parents.stream().map(AppraisalPolicy::identity).toList(),
                expectations(document, parents),
                stated(
                        document.bindings(),
                        parents,
                        AppraisalPolicy::bindings,
                        Set.of(BindingMethod.COUNTERSIGN_V1),
                        "bindings"),
                stated(
                        document.freshness(),
                        parents,
                        AppraisalPolicy::freshness,
                        Set.of(Freshness.CHALLENGE),
                        "freshness"),
                new ToleranceResolver(issues, parents).resolve(document.id(), document.tolerances()),
                document.mintable(),
                document.anyWorkload(),
                new PolicyValues(references, Map.of()),
                rules,
                List.of(),
                List.of(),
                Optional.empty());
        if (rules.isEmpty() && document.rules().isEmpty() && !issues.anyError()) {
            issues.error(
                    document.root(),
                    "the policy has no rules, so it judges nothing",
                    "extend one that has, or add rules");
        }
        warnOfOpenFirmware(document, parts);
        return issues.anyError()
                ? new PolicyReading.Refused(issues.all())
                : new PolicyReading.Accepted(new AppraisalPolicy(parts), issues.all());
    }

    private void warnOfOpenFirmware(PolicyDocument document, AppraisalPolicy.Parts parts) {
        for (String type : parts.expectations().cpuTypes()) {
            Set<String> pinned = parts.rules().stream()
                    .filter(rule -> rule.rule().scope().types().contains(type))
                    .flatMap(rule -> rule.pin().claims())
                    .collect(Collectors.toSet());
            if (Pin.leavesFirmwareOpen(pinned)) {
                issues.warning(
                        document.root(),
                        "only registers that a TD's own firmware extends are pinned, and any other firmware can bring them"
                                + " to the same values",
                        "pin tdx.mr_td, or launch_measurement, too");
            }
            if (Pin.leavesBootOpen(type, pinned)) {
                issues.warning(
                        document.root(),
                        "of a TD only MRTD is pinned, which names the firmware and seldom what it starts",
                        "pin tdx.rtmr1 and tdx.rtmr2 too, or state expect.cpu.types without tdx");
            }
        }
    }

    private Expectations expectations(PolicyDocument document, List<AppraisalPolicy> parents) {
        Set<String> types = document.cpuTypes()
                .orElseGet(() -> common(parents, policy -> policy.expectations().cpuTypes())
                        .orElse(Set.of()));
        if (types.isEmpty() && !issues.anyError()) {
            issues.error(
                    document.root(),
                    "the policy does not say which CPU evidence it expects",
                    "add: expect: { cpu: { types: [" + String.join(", ", vocabulary.types(DeviceClass.CPU)) + "] } }");
        }
        return new Expectations(
                types,
                count(document, document.gpus(), parents, Expectations::gpus, DeviceClass.GPU),
                count(document, document.nvswitches(), parents, Expectations::nvswitches, DeviceClass.NVSWITCH));
    }

    /** The own number, else what all parents admit, else none. */
    private Count count(
            PolicyDocument document,
            Optional<Count> own,
            List<AppraisalPolicy> parents,
            Function<Expectations, Count> of,
            DeviceClass deviceClass) {
        if (own.isPresent()) {
            if (parents.stream()
                    .anyMatch(parent ->
                            of.apply(parent.expectations()).min() > own.get().min())) {
                issues.warning(
                        document.root(),
                        "fewer %s devices are enough here than the policies drawn in demand"
                                .formatted(deviceClass.word()),
                        "");
            }
            return own.get();
        }
        Optional<Count> common = Optional.empty();
        for (AppraisalPolicy parent : parents) {
            Count one = of.apply(parent.expectations());
            Optional<Count> both = common.map(earlier -> earlier.and(one)).orElse(Optional.of(one));
            if (both.isEmpty()) {
                issues.error(
                        document.root(),
                        "the policies drawn in expect different numbers of " + deviceClass.word() + " devices",
                        "state expect: { " + deviceClass.word() + ": { count: … } } here");
                return Count.NONE;
            }
            common = both;
        }
        return common.orElse(Count.NONE);
    }

    /** The own value, else what all parents accept, else the default. Accepting more than was drawn in is said aloud. */
    private <T> Set<T> stated(
            Optional<Stated<Set<T>>> own,
            List<AppraisalPolicy> parents,
            Function<AppraisalPolicy, Set<T>> inherited,
            Set<T> otherwise,
            String what) {
        Optional<Set<T>> common = common(parents, inherited);
        own.ifPresent(stated -> common.filter(all -> !all.containsAll(stated.value()))
                .ifPresent(_ -> issues.warning(
                        stated.node(), what + " accepted here are more than the policies drawn in accept", "")));
        return own.map(Stated::value).or(() -> common).orElse(otherwise);
    }

    private static <T> Optional<Set<T>> common(List<AppraisalPolicy> parents, Function<AppraisalPolicy, Set<T>> of) {
        return parents.stream().map(of).reduce((a, b) -> {
            var both = new LinkedHashSet<>(a);
            both.retainAll(b);
            return both;
        });
    }

    private Map<String, ReferenceSet> references(PolicyDocument document, List<AppraisalPolicy> parents) {
        var all = new LinkedHashMap<String, ReferenceSet>();
        parents.forEach(parent -> parent.references().forEach((name, set) -> {
            ReferenceSet earlier = all.putIfAbsent(name, set);
            if (earlier != null && !earlier.equals(set)) {
                issues.error(
                        document.root(),
                        "the policies drawn in declare reference values \"" + name + "\" differently",
                        "rename one of them");
            }
        }));
        document.references().forEach(stated -> {
            if (all.putIfAbsent(stated.value().name(), stated.value()) != null) {
                issues.error(
                        stated.node(),
                        "a policy drawn in already declares reference values \""
                                + stated.value().name() + "\"",
                        "choose another name: rules drawn in must keep reading what they were written for");
            }
        });
        return all;
    }

    private List<CompiledRule> rules(
            PolicyDocument document, List<AppraisalPolicy> parents, Map<String, ReferenceSet> references) {
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
            tooManyRules(document);
            return List.of();
        }
        var inherited = Set.copyOf(all.keySet());
        var compiler = new RuleCompiler(vocabulary, references, new ScalarPositions(source), issues);
        var own = new ArrayList<CompiledRule>();
        for (StatedRule stated : document.rules()) {
            stated.replaces().ifPresent(name -> {
                if (all.remove(name.getValue()) == null) {
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
            tooManyRules(document);
        }
        return rules;
    }

    private void tooManyRules(PolicyDocument document) {
        issues.error(document.root(), "a policy has at most %d rules, with those it draws in".formatted(MAX_RULES), "");
    }
}
