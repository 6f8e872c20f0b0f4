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
            "values-from",
            "shadow-of",
            "expect",
            "accept",
            "tolerate",
            "mint",
            "any-workload",
            "references",
            "floors",
            "rules",
            "advisories",
            "tests");
    private static final Pattern ANY_WORKLOAD = Pattern.compile("allow-because \"([^\"]*[^\"\\s][^\"]*)\"");
    private static final int MAX_DEVICES = 64;
    private static final int MAX_DRAWN_IN = 50;

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
        String id = policy.requiredText("policy")
                .map(text -> Naming.id(text, "a policy", issues))
                .orElse("");
        Optional<Members> expect = policy.mapping("expect", List.of("cpu", "gpu", "nvswitch"));
        Optional<Members> accept = policy.mapping("accept", List.of("bindings", "freshness", "key"));
        refuseContradictions(policy, id);
        return new PolicyDocument(
                root,
                id,
                policy.requiredText("version")
                        .map(text -> Naming.version(text, "a policy", issues))
                        .orElse(""),
                policy.requiredText("summary").map(ScalarNode::getValue).orElse(""),
                drawnIn(policy, "extends"),
                drawnIn(policy, "values-from"),
                policy.text("shadow-of"),
                expect.flatMap(members -> members.mapping("cpu", List.of("types")))
                        .flatMap(this::cpuTypes),
                expect.flatMap(members -> count(members, DeviceClass.GPU)),
                expect.flatMap(members -> count(members, DeviceClass.NVSWITCH)),
                accept.flatMap(members -> words(members, "bindings", this::binding)),
                accept.flatMap(members -> words(members, "freshness", this::freshness)),
                accept.flatMap(members -> members.text("key")).flatMap(this::key),
                new ToleranceReader(vocabulary, waivable, issues).read(policy),
                mint(policy),
                policy.text("any-workload").flatMap(this::anyWorkload),
                new ReferenceReader(vocabulary, issues).read(policy),
                new FloorReader(vocabulary, issues).read(policy, Optional.empty()),
                new RuleReader(vocabulary, issues).read(policy, id),
                new AdvisoryReader(vocabulary, issues).read(policy, id),
                new TestReader(vocabulary, issues).read(policy));
    }

    private List<ScalarNode> drawnIn(Members policy, String member) {
        List<ScalarNode> ids = policy.texts(member).orElse(List.of());
        if (ids.size() > MAX_DRAWN_IN) {
            issues.error(policy.key(member), member + " names at most %d files".formatted(MAX_DRAWN_IN), "");
            return List.of();
        }
        return ids;
    }

    /** A policy that only counts beside another never lets a token be made, so what is about tokens has no place there. */
    private void refuseContradictions(Members policy, String id) {
        Optional<ScalarNode> shadowOf = policy.text("shadow-of");
        if (shadowOf.isPresent() && policy.node("any-workload").isPresent()) {
            issues.error(
                    policy.key("any-workload"),
                    "a policy that is the shadow of another never lets a token be made, so any-workload means nothing",
                    "remove one of the two members");
        }
        shadowOf.filter(text -> text.getValue().equals(id))
                .ifPresent(text -> issues.error(text, "a policy cannot be its own shadow", "give this one its own id"));
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
        return Naming.oneOf(text, "binding", known, issues).flatMap(BindingMethod::of);
    }

    private Optional<Stated<KeyDemand>> key(ScalarNode text) {
        return Naming.oneOf(text, "key", KeyDemand.words(), issues)
                .flatMap(KeyDemand::of)
                .map(demand -> new Stated<>(demand, text));
    }

    private Optional<Freshness> freshness(ScalarNode text) {
        return Naming.oneOf(
                        text,
                        "freshness",
                        Stream.of(Freshness.values()).map(Freshness::word).toList(),
                        issues)
                .flatMap(Freshness::of);
    }

    /** With a warning alone, a stricter rule, which makes an affirmed machine one to warn of, would admit more. */
    private Set<TrustTier> mint(Members policy) {
        Set<TrustTier> stated =
                words(policy, "mint", this::mintable).map(Stated::value).orElse(Set.of(TrustTier.AFFIRMING));
        if (stated.equals(Set.of(TrustTier.WARNING))) {
            issues.error(
                    policy.node("mint").orElseThrow(),
                    "mint names warning without affirming, so a machine with nothing to warn of would get no token",
                    "write [affirming, warning]");
        }
        return stated;
    }

    private Optional<TrustTier> mintable(ScalarNode text) {
        return Naming.oneOf(text, "mint", List.of(TrustTier.AFFIRMING.word(), TrustTier.WARNING.word()), issues)
                .map(word -> word.equals(TrustTier.WARNING.word()) ? TrustTier.WARNING : TrustTier.AFFIRMING);
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
