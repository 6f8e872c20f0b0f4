package io.countersign.verifier.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
    private final Map<String, ScalarNode> keys;

    private Members(
            MappingNode node, String what, Issues issues, Map<String, Node> values, Map<String, ScalarNode> keys) {
        this.node = node;
        this.what = what;
        this.issues = issues;
        this.values = values;
        this.keys = keys;
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
        var keys = new HashMap<String, ScalarNode>();
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
                keys.put(key.getValue(), key);
            }
        }
        return new Members(node, what, issues, values, keys);
    }

    MappingNode node() {
        return node;
    }

    Map<String, Node> all() {
        return values;
    }

    /** Where the name of a member stands; the whole mapping when it is absent. */
    Node key(String name) {
        ScalarNode key = keys.get(name);
        return key == null ? node : key;
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

    /** The entries of a list, whatever they are; empty when the member is absent or is no list. */
    List<Node> entries(String name) {
        return list(name, "a list").orElse(List.of());
    }

    /** One entry of a list as text. */
    Optional<ScalarNode> textOf(Node entry, String name) {
        return asText(entry, name);
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

    /** A mapping that must be there, with a closed list of members. */
    Optional<Members> requiredMapping(String name, List<String> known) {
        required(name);
        return mapping(name, known);
    }

    /** A mapping whose members' names are the author's. */
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
            issues.error(
                    value,
                    name + " is a whole number from " + least + " to " + most
                            + (isInteger(value) ? "" : ", and this is " + kind(value)),
                    "");
            return Optional.empty();
        });
    }

    private Optional<List<Node>> list(String name, String expected) {
        return node(name).flatMap(value -> {
            if (value instanceof SequenceNode sequence) {
                return Optional.of(sequence.getValue());
            }
            issues.error(
                    value,
                    name + " is " + expected + ", and this is " + kind(value),
                    "write it as [a, b], or one entry a line with -");
            return Optional.empty();
        });
    }

    private Optional<MappingNode> asMapping(Node value, String name) {
        if (value instanceof MappingNode mapping) {
            return Optional.of(mapping);
        }
        issues.error(
                value,
                name + " is a mapping of members, and this is " + kind(value),
                "write it as { member: value }, or one member a line, indented");
        return Optional.empty();
    }

    private Optional<ScalarNode> asText(Node value, String name) {
        if (!(value instanceof ScalarNode scalar)) {
            issues.error(value, name + " is one text, and this is " + kind(value), "");
            return Optional.empty();
        }
        if (!scalar.getTag().equals(Tag.STR)) {
            issues.error(value, name + " is text, and YAML reads this as " + kind(scalar), quoted(scalar));
            return Optional.empty();
        }
        if (scalar.getValue().isBlank()) {
            issues.error(value, name + " is empty", "");
            return Optional.empty();
        }
        return Optional.of(scalar);
    }

    private static boolean isInteger(Node node) {
        return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.INT);
    }

    /** How to write a value that YAML does not take for text; digests are written without 0x besides. */
    static String quoted(ScalarNode scalar) {
        String text = scalar.getValue();
        if (text.matches("0x[0-9a-fA-F]{32,}")) {
            return "write it in quotes and without 0x: '" + text.substring(2).toLowerCase(Locale.ROOT) + "'";
        }
        return text.isEmpty() ? "" : "write it in quotes: '" + text + "'";
    }

    /** What YAML takes a value for, for messages: "a number". */
    static String kind(Node node) {
        return switch (node) {
            case MappingNode _ -> "a mapping";
            case SequenceNode _ -> "a list";
            default -> {
                Tag tag = node.getTag();
                if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
                    yield "a number";
                }
                if (tag.equals(Tag.BOOL)) {
                    yield "true or false";
                }
                yield tag.equals(Tag.STR) ? "a text" : "nothing";
            }
        };
    }
}
