package io.countersign.verifier.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The members of one mapping, read strictly: what is unknown, doubled or of another type becomes an issue. */
final class Members {
    private final MappingNode node;
    private final String what;
    private final Issues issues;
    private final Map<String, Node> values;

    private Members(MappingNode node, String what, Issues issues, Map<String, Node> values) {
        this.node = node;
        this.what = what;
        this.issues = issues;
        this.values = values;
    }

    /**
     * Of a mapping with a closed list of members.
     *
     * @param what names the mapping in messages: "a rule"
     */
    static Members of(MappingNode node, String what, Issues issues, List<String> known) {
        Members members = ofAny(node, what, issues);
        members.node.getValue().forEach(tuple -> {
            if (tuple.getKeyNode() instanceof ScalarNode key && !known.contains(key.getValue())) {
                issues.error(
                        key,
                        what + " has no member \"" + key.getValue() + "\"",
                        Spelling.suggestOrList(key.getValue(), known));
            }
        });
        return members;
    }

    /** Of a mapping whose members' names are the author's. */
    static Members ofAny(MappingNode node, String what, Issues issues) {
        var values = new LinkedHashMap<String, Node>();
        for (NodeTuple tuple : node.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                issues.error(tuple.getKeyNode(), "the name of a member is text", "");
                continue;
            }
            if (values.containsKey(key.getValue())) {
                issues.error(
                        key,
                        "\"" + key.getValue() + "\" stands twice in " + what,
                        "keep one of them: the other would be without effect");
            } else {
                values.put(key.getValue(), tuple.getValueNode());
            }
        }
        return new Members(node, what, issues, values);
    }

    MappingNode node() {
        return node;
    }

    Map<String, Node> all() {
        return values;
    }

    Optional<Node> node(String name) {
        return Optional.ofNullable(values.get(name));
    }

    Optional<ScalarNode> text(String name) {
        return node(name).flatMap(value -> asText(value, name));
    }

    Optional<ScalarNode> requiredText(String name) {
        return required(name).flatMap(value -> asText(value, name));
    }

    Optional<Node> required(String name) {
        Optional<Node> value = node(name);
        if (value.isEmpty()) {
            issues.error(node, what + " needs the member \"" + name + "\"", "");
        }
        return value;
    }

    /** Texts of a list; nothing when the member is absent or is no list. */
    Optional<List<ScalarNode>> texts(String name) {
        return list(name, "a list of texts").map(nodes -> {
            var texts = new ArrayList<ScalarNode>();
            nodes.forEach(item -> asText(item, "each entry of " + name).ifPresent(text -> {
                if (texts.stream().anyMatch(earlier -> earlier.getValue().equals(text.getValue()))) {
                    issues.error(text, "\"" + text.getValue() + "\" stands twice in " + name, "keep one of them");
                }
                texts.add(text);
            }));
            return texts;
        });
    }

    List<Members> mappings(String name, String each, List<String> known) {
        var found = new ArrayList<Members>();
        list(name, "a list").orElse(List.of()).forEach(item -> asMapping(item, each)
                .ifPresent(mapping -> found.add(Members.of(mapping, each, issues, known))));
        return found;
    }

    Optional<Members> mapping(String name, List<String> known) {
        return node(name)
                .flatMap(value -> asMapping(value, name))
                .map(mapping -> Members.of(mapping, name, issues, known));
    }

    Optional<Members> openMapping(String name) {
        return node(name).flatMap(value -> asMapping(value, name)).map(mapping -> ofAny(mapping, name, issues));
    }

    Optional<Integer> integer(String name, int least, int most) {
        return node(name).flatMap(value -> {
            if (value instanceof ScalarNode scalar
                    && scalar.getTag().equals(Tag.INT)
                    && scalar.getValue().matches("-?[0-9]{1,5}")) {
                int number = Integer.parseInt(scalar.getValue());
                if (number >= least && number <= most) {
                    return Optional.of(number);
                }
            }
            issues.error(value, name + " is a whole number from " + least + " to " + most, "");
            return Optional.empty();
        });
    }

    private Optional<List<Node>> list(String name, String expected) {
        return node(name).flatMap(value -> {
            if (value instanceof SequenceNode sequence) {
                return Optional.of(sequence.getValue());
            }
            issues.error(value, name + " is " + expected, "write it as [a, b], or one entry a line with -");
            return Optional.empty();
        });
    }

    private Optional<MappingNode> asMapping(Node value, String name) {
        if (value instanceof MappingNode mapping) {
            return Optional.of(mapping);
        }
        issues.error(value, name + " is a mapping of members", "");
        return Optional.empty();
    }

    private Optional<ScalarNode> asText(Node value, String name) {
        if (!(value instanceof ScalarNode scalar)) {
            issues.error(value, name + " is one text", "");
            return Optional.empty();
        }
        if (!scalar.getTag().equals(Tag.STR)) {
            issues.error(
                    value,
                    name + " is text, and YAML reads this as " + kind(scalar.getTag()),
                    scalar.getValue().isEmpty() ? "" : "write it in quotes: '" + scalar.getValue() + "'");
            return Optional.empty();
        }
        if (scalar.getValue().isBlank()) {
            issues.error(value, name + " is empty", "");
            return Optional.empty();
        }
        return Optional.of(scalar);
    }

    private static String kind(Tag tag) {
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            return "a number";
        }
        return tag.equals(Tag.BOOL) ? "true or false" : "nothing";
    }
}
