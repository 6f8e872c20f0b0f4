package io.countersign.verifier.policy;

import io.countersign.verifier.claim.ClaimDefinition;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.policy.PolicyDocument.Stated;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads the reference values of a policy: each of the length and form of the claim that it is compared with. */
final class ReferenceReader {
    static final List<String> MEMBERS = List.of("claim", "note", "owner", "expires", "values");
    static final List<String> VALUE_MEMBERS = List.of("value", "note", "expires");

    private final ClaimVocabulary vocabulary;
    private final Issues issues;

    ReferenceReader(ClaimVocabulary vocabulary, Issues issues) {
        this.vocabulary = vocabulary;
        this.issues = issues;
    }

    List<Stated<ReferenceSet>> read(Members policy) {
        var sets = new ArrayList<Stated<ReferenceSet>>();
        policy.openMapping("references")
                .ifPresent(references -> references.all().forEach((name, node) -> {
                    if (!Naming.isWord(name)) {
                        issues.error(
                                references.key(name),
                                "\"" + name + "\" cannot name reference values: rules write it as references." + name,
                                "use lowercase letters, digits and _, and none of CEL's own words");
                    } else if (node instanceof MappingNode mapping) {
                        sets.add(new Stated<>(
                                set(
                                        name,
                                        Members.of(mapping, "reference values \"" + name + "\"", issues, MEMBERS),
                                        node),
                                node));
                    } else {
                        issues.error(
                                node,
                                "reference values are a mapping with claim, note and values, and this is "
                                        + Members.kind(node),
                                "");
                    }
                }));
        return sets;
    }

    private ReferenceSet set(String name, Members members, Node node) {
        Optional<ScalarNode> claim = members.requiredText("claim");
        String note = members.requiredText("note").map(ScalarNode::getValue).orElse("");
        String owner = members.text("owner").map(ScalarNode::getValue).orElse("");
        Optional<ScalarNode> expires = members.text("expires");
        List<ClaimDefinition> definitions = claim.map(this::definitions).orElse(List.of());
        var values = new ArrayList<ReferenceSet.Value>();
        var seen = new HashSet<String>();
        Optional<Node> list = members.required("values");
        members.entries("values").forEach(entry -> value(entry, members, name).ifPresent(stated -> {
            ReferenceSet.Value value = stated.value();
            refuseUnfit(stated, definitions);
            if (!seen.add(value.text())) {
                issues.error(entry, "\"" + value.text() + "\" stands twice in values", "keep one of them");
            }
            values.add(value);
        }));
        if (list.orElse(null) instanceof SequenceNode sequence
                && sequence.getValue().isEmpty()) {
            issues.error(sequence, "reference values \"" + name + "\" hold no value", "add one, or remove the set");
        }
        return new ReferenceSet(
                name,
                claim.map(ScalarNode::getValue).orElse(""),
                note,
                owner,
                expires.flatMap(this::instant),
                values,
                issues.place(expires.<Node>map(text -> text).orElse(node)));
    }

    /** A text, or a mapping that says more about it. */
    private Optional<Stated<ReferenceSet.Value>> value(Node entry, Members set, String name) {
        if (!(entry instanceof MappingNode mapping)) {
            return set.textOf(entry, "each entry of values")
                    .map(text -> new Stated<>(
                            new ReferenceSet.Value(text.getValue(), "", Optional.empty(), issues.place(text)), text));
        }
        var members = Members.of(mapping, "a value of \"" + name + "\"", issues, VALUE_MEMBERS);
        Optional<ScalarNode> text = members.requiredText("value");
        String note = members.text("note").map(ScalarNode::getValue).orElse("");
        Optional<ScalarNode> expires = members.text("expires");
        return text.map(value -> new Stated<>(
                new ReferenceSet.Value(
                        value.getValue(), note, expires.flatMap(this::instant), issues.place(expires.orElse(value))),
                value));
    }

    private List<ClaimDefinition> definitions(ScalarNode claim) {
        List<ClaimDefinition> all = vocabulary.definitions(claim.getValue());
        if (all.isEmpty()) {
            issues.error(
                    claim,
                    "there is no claim \"" + claim.getValue() + "\"",
                    Spelling.suggest(claim.getValue(), vocabulary.paths()));
            return List.of();
        }
        List<ClaimDefinition> textual = all.stream()
                .filter(definition -> switch (definition.type()) {
                    case ClaimType.Hex _, ClaimType.Text _, ClaimType.Word _, ClaimType.Version _ -> true;
                    case ClaimType.Flag _,
                            ClaimType.UnsignedInteger _,
                            ClaimType.TextList _,
                            ClaimType.UnsignedIntegerList _,
                            ClaimType.Time _ -> false;
                })
                .toList();
        if (textual.isEmpty()) {
            issues.error(
                    claim,
                    "\"" + claim.getValue() + "\" is neither hex nor text, so it has no list of reference values",
                    "compare it in a rule");
        }
        return textual;
    }

    private void refuseUnfit(Stated<ReferenceSet.Value> stated, List<ClaimDefinition> definitions) {
        if (!(stated.node() instanceof ScalarNode value) || definitions.isEmpty()) {
            return; // said where it was read, or where the claim was
        }
        if (definitions.isEmpty()) {
            return; // no claim says what its values are like
        }
        String path = definitions.getFirst().path();
        var values = new ClaimValueReader(issues);
        if (!values.isKnown(value, path, definitions)) {
            return;
        }
        SortedSet<Integer> lengths = ClaimValueReader.lengths(definitions);
        if (lengths.isEmpty()) {
            return; // any text will do
        }
        if (values.fits(value, path, lengths) && value.getValue().chars().allMatch(digit -> digit == '0')) {
            issues.error(value, "a value of zeros means that nothing was measured or signed: it pins nothing", "");
        }
    }

    private Optional<Instant> instant(ScalarNode text) {
        return Times.instant(text, "expires", issues);
    }
}
