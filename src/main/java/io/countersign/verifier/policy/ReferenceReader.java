package io.countersign.verifier.policy;

import io.countersign.verifier.claim.ClaimDefinition;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.policy.PolicyDocument.Stated;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads the reference values of a policy: each of the length and form of the claim that it is compared with. */
final class ReferenceReader {
    static final List<String> MEMBERS = List.of("claim", "note", "owner", "expires", "values");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");
    private static final Pattern HEX = Pattern.compile("(?:[0-9a-f]{2})+");

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
                    if (!NAME.matcher(name).matches() || CelWords.RESERVED.contains(name)) {
                        issues.error(
                                node,
                                "\"" + name + "\" cannot name reference values: rules write it as references." + name,
                                "use lowercase letters, digits and _, and none of CEL's own words");
                    } else if (node instanceof MappingNode mapping) {
                        sets.add(new Stated<>(
                                set(name, Members.of(mapping, "reference values \"" + name + "\"", issues, MEMBERS)),
                                node));
                    } else {
                        issues.error(node, "reference values are a mapping with claim, note and values", "");
                    }
                }));
        return sets;
    }

    private ReferenceSet set(String name, Members members) {
        Optional<ScalarNode> claim = members.requiredText("claim");
        String note = members.requiredText("note").map(ScalarNode::getValue).orElse("");
        String owner = members.text("owner").map(ScalarNode::getValue).orElse("");
        Optional<Instant> expires = members.text("expires").flatMap(this::instant);
        List<ClaimDefinition> definitions = claim.map(this::definitions).orElse(List.of());
        var values = new ArrayList<String>();
        Optional<Node> list = members.required("values");
        members.texts("values").orElse(List.of()).forEach(value -> {
            if (!definitions.isEmpty()) {
                refuseUnfit(value, definitions);
            }
            values.add(value.getValue());
        });
        if (list.orElse(null) instanceof SequenceNode sequence
                && sequence.getValue().isEmpty()) {
            issues.error(sequence, "reference values \"" + name + "\" hold no value", "add one, or remove the set");
        }
        return new ReferenceSet(name, claim.map(ScalarNode::getValue).orElse(""), note, owner, expires, values);
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
                    case ClaimType.Hex _, ClaimType.Text _, ClaimType.Version _ -> true;
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

    private void refuseUnfit(ScalarNode value, List<ClaimDefinition> definitions) {
        var lengths = new TreeSet<Integer>();
        for (ClaimDefinition definition : definitions) {
            if (!(definition.type() instanceof ClaimType.Hex(int length))) {
                return; // any text will do
            }
            lengths.add(length);
        }
        String path = definitions.getFirst().path();
        if (!HEX.matcher(value.getValue()).matches()) {
            issues.error(
                    value,
                    "a value of " + path + " is lowercase hex without 0x",
                    value.getValue().matches("(0[xX])?[0-9a-fA-F]+")
                            ? "write it in lowercase and without 0x: otherwise it never equals the claim"
                            : "");
        } else if (!lengths.contains(value.getValue().length() / 2)) {
            issues.error(
                    value,
                    "a value of %s is %s bytes; this one is %d"
                            .formatted(
                                    path,
                                    lengths.toString().replaceAll("[\\[\\]]", ""),
                                    value.getValue().length() / 2),
                    "");
        } else if (value.getValue().chars().allMatch(digit -> digit == '0')) {
            issues.error(value, "a value of zeros means that nothing was measured or signed: it pins nothing", "");
        }
    }

    private Optional<Instant> instant(ScalarNode text) {
        try {
            OffsetDateTime time = OffsetDateTime.parse(text.getValue());
            if (time.getOffset().equals(ZoneOffset.UTC)) {
                return Optional.of(time.toInstant());
            }
        } catch (DateTimeParseException e) {
            // the issue below says what is expected
        }
        issues.error(text, "expires is a time in UTC", "write it as 2027-06-01T00:00:00Z");
        return Optional.empty();
    }
}
