package io.countersign.verifier.policy;

import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.policy.Expectations.Count;
import io.countersign.verifier.policy.PolicyDocument.Stated;
import io.countersign.verifier.policy.PolicyDocument.StatedTest;
import io.countersign.verifier.scheme.DeviceClass;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Puts a policy together with those it draws in. What the policy states itself counts; where it is silent, the strictest
 * of what it draws in counts. Rules, advisories, reference values and floors add up. {@code mint}, {@code any-workload},
 * {@code shadow-of} and tests are never drawn in: who lets tokens be made says so in the same file.
 */
final class PolicyResolver {
    private final ClaimVocabulary vocabulary;
    private final Issues issues;
    private final String file;
    private final String source;

    PolicyResolver(ClaimVocabulary vocabulary, Issues issues, String file, String source) {
        this.vocabulary = vocabulary;
        this.issues = issues;
        this.file = file;
        this.source = source;
    }

    /**
     * The policy, or why there is none.
     *
     * @param valuesFrom the values files that it draws in, by the text that names them
     */
    PolicyReading resolve(
            PolicyDocument document,
            AppraisalPolicy.Kind kind,
            List<AppraisalPolicy> parents,
            Map<ScalarNode, ValuesFile> valuesFrom) {
        var valuesResolver = new ValuesResolver(issues, document, parents, valuesFrom);
        PolicyValues values = valuesResolver.resolve();
        DrawnIn rulesOf = DrawnIn.of(document.parents(), parents);
        DrawnIn valuesOf =
                DrawnIn.of(document.valuesFrom(), valuesFrom.keySet()).and(rulesOf);
        var compiler = new RuleCompiler(vocabulary, values, valuesOf, new ScalarPositions(source), issues);
        var ruleResolver = new RuleResolver(document, parents, compiler, issues);
        List<CompiledRule> rules = ruleResolver.rules();
        List<CompiledAdvisory> advisories = ruleResolver.advisories();
        if (rulesOf == DrawnIn.ALL) {
            checkTests(document, rules);
        }
        if (!issues.anyError()) {
            valuesResolver.warnOfUnread(compiler.read());
        }
        var parts = new AppraisalPolicy.Parts(
                kind,
                file,
                document.id(),
                document.version(),
                document.summary(),
                source,
                parents.stream().map(AppraisalPolicy::identity).toList(),
                valuesFrom.values().stream().map(ValuesFile::identity).toList(),
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
                key(document, parents),
                new ToleranceResolver(issues, parents).resolve(document.id(), document.tolerances()),
                document.mintable(),
                document.anyWorkload(),
                values,
                rules,
                advisories,
                document.tests().stream().map(StatedTest::test).toList(),
                document.shadowOf().map(ScalarNode::getValue));
        if (rules.isEmpty() && document.rules().isEmpty() && !issues.anyError()) {
            issues.error(
                    document.root(),
                    "the policy has no rules, so it judges nothing",
                    "extend one that has, or add rules");
        }
        if (!issues.anyError()) {
            new RuleContradictions(vocabulary, issues).inspect(document, parts);
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

    /** The own word, else what one of the parents demands. */
    private KeyDemand key(PolicyDocument document, List<AppraisalPolicy> parents) {
        KeyDemand drawnIn = parents.stream().anyMatch(parent -> parent.key() == KeyDemand.REQUIRED)
                ? KeyDemand.REQUIRED
                : KeyDemand.OPTIONAL;
        document.key()
                .filter(stated -> stated.value() == KeyDemand.OPTIONAL && drawnIn == KeyDemand.REQUIRED)
                .ifPresent(stated -> issues.warning(
                        stated.node(), "no key is required here, and a policy drawn in requires one", ""));
        return document.key().map(Stated::value).orElse(drawnIn);
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

    /** Of the policy's rules and of those about the request, which every policy has. */
    private void checkTests(PolicyDocument document, List<CompiledRule> rules) {
        // What the file itself declares counts although it has a mistake, which is told at its own place.
        Set<String> known = Stream.of(
                        rules.stream().map(rule -> rule.rule().name()),
                        document.rules().stream().map(stated -> stated.rule().name()),
                        RequestRules.NAMES.stream())
                .flatMap(Function.identity())
                .collect(Collectors.toSet());
        document.tests().forEach(test -> test.rules().forEach((name, node) -> {
            if (!known.contains(name)) {
                issues.error(node, "the policy has no rule \"" + name + "\"", Spelling.suggest(name, known));
            }
        }));
    }
}
