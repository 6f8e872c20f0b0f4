package io.countersign.verifier.policy;

import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.policy.PolicyDocument.Stated;
import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.scheme.DeviceClass;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads everything of a policy file but its rules and reference values. */
final class PolicyReader {
    static final List<String> MEMBERS = List.of(
            "policy",
            "version",
            "summary",
            "extends",
            "expect",
            "accept",
            "tolerate",
            "mint",
            "any-workload",
            "references",
            "rules");
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,63}");
    private static final Pattern ANY_WORKLOAD = Pattern.compile("allow-because \"([^\"]*[^\"\\s][^\"]*)\"");
    private static final int MAX_DEVICES = 64;

    private final ClaimVocabulary vocabulary;
    private final Set<CheckId> waivable;
    private final Issues issues;

    PolicyReader(ClaimVocabulary vocabulary, Set<CheckId> waivable, Issues issues) {
        this.vocabulary = vocabulary;
        this.waivable = waivable;
        this.issues = issues;
    }

    PolicyDocument read(MappingNode root) {
        var policy = Members.of(root, "a policy", issues, MEMBERS);
        String id = policy.requiredText("policy").map(this::id).orElse("");
        Optional<Members> expect = policy.mapping("expect", List.of("cpu", "gpu", "nvswitch"));
        Optional<Members> accept = policy.mapping("accept", List.of("bindings", "freshness"));
        return new PolicyDocument(
                root,
                id,
                policy.requiredText("version").map(this::version).orElse(""),
                policy.requiredText("summary").map(ScalarNode::getValue).orElse(""),
                policy.texts("extends").orElse(List.of()),
                expect.flatMap(members -> members.mapping("cpu", List.of("types")))
                        .flatMap(this::cpuTypes),
                expect.flatMap(members -> count(members, DeviceClass.GPU)),
                expect.flatMap(members -> count(members, DeviceClass.NVSWITCH)),
                accept.flatMap(members -> words(members, "bindings", this::binding)),
                accept.flatMap(members -> words(members, "freshness", this::freshness)),
                new ToleranceReader(vocabulary, waivable, issues).read(policy),
                words(policy, "mint", this::mintable).map(Stated::value).orElse(Set.of(TrustTier.AFFIRMING)),
                policy.text("any-workload").flatMap(this::anyWorkload),
                new ReferenceReader(vocabulary, issues).read(policy),
                new RuleReader(vocabulary, issues).read(policy, id));
    }

    private String id(ScalarNode node) {
        if (!ID.matcher(node.getValue()).matches()) {
            issues.error(
                    node,
                    "the id of a policy is a lowercase letter, then at most 63 lowercase letters, digits or hyphens",
                    "");
        }
        return node.getValue();
    }

    private String version(ScalarNode node) {
        if (node.getValue().length() > 64) {
            issues.error(node, "the version of a policy is at most 64 characters", "");
        }
        return node.getValue();
    }

    private Optional<Set<String>> cpuTypes(Members cpu) {
        Set<String> known = vocabulary.types(DeviceClass.CPU);
        return words(cpu, "types", text -> {
                    if (known.contains(text.getValue())) {
                        return Optional.of(text.getValue());
                    }
                    issues.error(
                            text,
                            "no CPU evidence of type \"" + text.getValue() + "\" is known here",
                            Spelling.suggestOrList(text.getValue(), known));
                    return Optional.empty();
                })
                .map(Stated::value);
    }

    /** A number, or the least and the most. */
    private Optional<Expectations.Count> count(Members expect, DeviceClass deviceClass) {
        return expect.mapping(deviceClass.word(), List.of("count"))
                .flatMap(members -> members.node("count").orElse(null) instanceof MappingNode
                        ? members.mapping("count", List.of("min", "max")).flatMap(this::range)
                        : members.integer("count", 0, MAX_DEVICES).map(Expectations.Count::exactly));
    }

    private Optional<Expectations.Count> range(Members members) {
        members.required("min");
        members.required("max");
        Optional<Integer> min = members.integer("min", 0, MAX_DEVICES);
        Optional<Integer> max = members.integer("max", 0, MAX_DEVICES);
        if (min.isEmpty() || max.isEmpty()) {
            return Optional.empty();
        }
        if (min.get() > max.get()) {
            issues.error(
                    members.node(),
                    "count is from " + min.get() + " to " + max.get() + ", so no request could meet it",
                    "state the smaller number as min");
            return Optional.empty();
        }
        return Optional.of(new Expectations.Count(min.get(), max.get()));
    }

    private Optional<BindingMethod> binding(ScalarNode text) {
        if (text.getValue().equals(BindingMethod.NONE.word())) {
            issues.error(
                    text,
                    "the binding \"none\" cannot be accepted: evidence that answers nothing can be replayed for ever",
                    "appraisals explain such evidence under any policy, without accepting it");
            return Optional.empty();
        }
        var known = List.of(BindingMethod.COUNTERSIGN_V1.word(), BindingMethod.NONCE.word());
        return known(text, "binding", known).flatMap(BindingMethod::of);
    }

    private Optional<Freshness> freshness(ScalarNode text) {
        return known(
                        text,
                        "freshness",
                        Stream.of(Freshness.values()).map(Freshness::word).toList())
                .flatMap(Freshness::of);
    }

    private Optional<TrustTier> mintable(ScalarNode text) {
        return known(text, "mint", List.of(TrustTier.AFFIRMING.word(), TrustTier.WARNING.word()))
                .map(word -> word.equals(TrustTier.WARNING.word()) ? TrustTier.WARNING : TrustTier.AFFIRMING);
    }

    private Optional<String> known(ScalarNode text, String what, List<String> known) {
        if (known.contains(text.getValue())) {
            return Optional.of(text.getValue());
        }
        issues.error(
                text, what + " cannot be \"" + text.getValue() + "\"", Spelling.suggestOrList(text.getValue(), known));
        return Optional.empty();
    }

    /** A list of words, none doubled, at least one. */
    private <T> Optional<Stated<Set<T>>> words(Members members, String name, Function<ScalarNode, Optional<T>> read) {
        return members.texts(name).map(texts -> {
            Node node = members.node(name).orElseThrow();
            if (texts.isEmpty()) {
                issues.error(node, name + " is an empty list", "name at least one, or leave the member out");
            }
            var values = new LinkedHashSet<T>();
            texts.forEach(text -> read.apply(text).ifPresent(values::add));
            return new Stated<>(values, node);
        });
    }

    private Optional<String> anyWorkload(ScalarNode text) {
        Matcher matcher = ANY_WORKLOAD.matcher(text.getValue());
        if (matcher.matches()) {
            return Optional.of(matcher.group(1));
        }
        issues.error(
                text,
                "any-workload lets every program on genuine hardware have a token, so it must say why",
                "write it as: any-workload: allow-because \"the reason, which the token repeats\"");
        return Optional.empty();
    }
}
