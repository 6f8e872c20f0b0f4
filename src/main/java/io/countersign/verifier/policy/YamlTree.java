package io.countersign.verifier.policy;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads the plain part of YAML 1.2 (core schema) that policies are written in: one document, no anchors, aliases, tags or
 * directives. What those add is a second way to say the same thing, which a reviewer can miss.
 */
final class YamlTree {
    static final int MAX_BYTES = 64 * 1024;
    private static final int MAX_DEPTH = 32;
    private static final Pattern INDENTED_BY_TAB = Pattern.compile(" *\\t");
    private static final Pattern BEGINS_WITH_NEGATION = Pattern.compile("[^'\"#!]*[:-] +!");
    private static final String TAG = "YAML reads ! at the beginning of a value as a tag, which policies do not use";
    private static final String QUOTE_NEGATION = "put an expression in quotes as a whole: require: '!cpu.debug'";

    private YamlTree() {}

    /** The top mapping, or nothing and the reasons in {@code issues}. */
    static Optional<MappingNode> read(String source, Issues issues) {
        int length = source.getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_BYTES) {
            issues.error(
                    Position.START,
                    "a policy is at most 64 KiB; this one is " + length + " bytes",
                    "move rules into a policy that this one extends");
            return Optional.empty();
        }
        if (source.startsWith("\uFEFF")) {
            issues.error(
                    Position.START,
                    "the policy begins with a byte order mark",
                    "save it as UTF-8 without a byte order mark");
            return Optional.empty();
        }
        var settings = LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setUseMarks(true)
                .setCodePointLimit(MAX_BYTES)
                .setAllowDuplicateKeys(true) // refused later, each at its own place
                .build();
        try {
            if (!plain(new Parse(settings).parseString(source), issues)) {
                return Optional.empty();
            }
            Optional<Node> root = new Compose(settings).composeString(source);
            if (root.orElse(null) instanceof MappingNode mapping) {
                return Optional.of(mapping);
            }
            issues.error(
                    root.flatMap(Node::getStartMark),
                    "a policy is a mapping of members such as policy, version, expect and rules",
                    "begin with: policy: <id>");
            return Optional.empty();
        } catch (MarkedYamlEngineException e) {
            explain(e, issues);
            return Optional.empty();
        } catch (YamlEngineException e) {
            issues.error(Position.START, "this is not YAML: " + firstLine(e), "");
            return Optional.empty();
        }
    }

    /** Says what to do about the mistakes that people make most. */
    private static void explain(MarkedYamlEngineException e, Issues issues) {
        Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
        int number = mark.map(Mark::getLine).orElse(0) + 1;
        Matcher tab = INDENTED_BY_TAB.matcher(issues.line(number));
        Matcher negation = BEGINS_WITH_NEGATION.matcher(issues.line(number));
        if (tab.lookingAt()) {
            issues.error(
                    new Position(number, tab.end()),
                    "a tab indents this line, and YAML wants spaces",
                    "replace the tab by spaces");
        } else if (negation.lookingAt()) {
            issues.error(new Position(number, negation.end()), TAG, QUOTE_NEGATION);
        } else {
            issues.error(
                    mark,
                    "this is not YAML: " + e.getProblem(),
                    "text that holds : # ' \" or begins with a sign is best put in quotes");
        }
    }

    /** Walks the events before any tree is built, so that depth is known before anything recurses. */
    private static boolean plain(Iterable<Event> events, Issues issues) {
        int depth = 0;
        int documents = 0;
        for (Event event : events) {
            switch (event) {
                case DocumentStartEvent start -> {
                    documents++;
                    if (documents > 1) {
                        issues.error(start.getStartMark(), "a policy file holds one document", "remove the second ---");
                        return false;
                    }
                    if (start.getSpecVersion().isPresent() || !start.getTags().isEmpty()) {
                        issues.error(start.getStartMark(), "YAML directives are not used in policies", "remove it");
                    }
                }
                case AliasEvent alias ->
                    issues.error(alias.getStartMark(), "YAML aliases are not used in policies", "write the value out");
                case CollectionStartEvent start -> {
                    refuseDecoration(start, start.getTag(), issues);
                    depth++;
                    if (depth > MAX_DEPTH) {
                        issues.error(start.getStartMark(), "nested deeper than 32 levels", "");
                        return false;
                    }
                }
                case ScalarEvent scalar -> {
                    refuseDecoration(scalar, scalar.getTag(), issues);
                    if (scalar.isPlain() && scalar.getValue().equals("<<")) {
                        issues.error(scalar.getStartMark(), "YAML merge keys are not used in policies", "write it out");
                    }
                }
                case CollectionEndEvent _ -> depth--;
                default -> {} // stream and document ends carry nothing to refuse
            }
        }
        return !issues.anyError();
    }

    private static void refuseDecoration(NodeEvent node, Optional<String> tag, Issues issues) {
        if (node.getAnchor().isPresent()) {
            issues.error(node.getStartMark(), "YAML anchors are not used in policies", "write the value out");
        }
        if (tag.filter(text -> text.startsWith("!")).isPresent()) {
            issues.error(node.getStartMark(), TAG, QUOTE_NEGATION);
        } else if (tag.isPresent()) {
            issues.error(node.getStartMark(), "YAML tags are not used in policies", "remove the tag");
        }
    }

    private static String firstLine(YamlEngineException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("it cannot be read");
    }
}
