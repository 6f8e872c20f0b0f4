package io.countersign.verifier.policy;

import io.countersign.verifier.claim.ClaimDefinition;
import io.countersign.verifier.claim.ClaimType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads values that a claim can have, as {@link io.countersign.verifier.claim.Claims#find} gives them. */
final class ClaimValueReader {
    private static final Pattern HEX = Pattern.compile("(?:[0-9a-f]{2})+");
    /** What earlier versions of YAML read as true or false. */
    private static final Pattern OTHER_FLAGS =
            Pattern.compile("(?:yes|no|on|off|y|n|true|false)", Pattern.CASE_INSENSITIVE);

    private final Issues issues;

    ClaimValueReader(Issues issues) {
        this.issues = issues;
    }

    /**
     * The value, or nothing and the reason in the issues.
     *
     * @param definitions what evidence types declare under the path, at least one; several when their lengths differ
     */
    Optional<Object> read(Node node, String path, List<ClaimDefinition> definitions) {
        return switch (definitions.getFirst().type()) {
            case ClaimType.Flag _ -> flag(node, path);
            case ClaimType.UnsignedInteger _ -> number(node, path);
            case ClaimType.Text _ -> text(node, path).map(ScalarNode::getValue);
            case ClaimType.Word _ ->
                text(node, path)
                        .filter(value -> isKnown(value, path, definitions))
                        .map(ScalarNode::getValue);
            case ClaimType.Version _ -> version(node, path);
            case ClaimType.Hex _ ->
                text(node, path)
                        .filter(value -> fits(value, path, lengths(definitions)))
                        .map(ScalarNode::getValue);
            case ClaimType.TextList _ ->
                list(node, path, each -> text(each, "each entry of " + path).map(ScalarNode::getValue));
            case ClaimType.UnsignedIntegerList _ -> list(node, path, each -> number(each, "each entry of " + path));
            case ClaimType.Time _ ->
                text(node, path)
                        .flatMap(value -> Times.instant(value, path, issues))
                        .map(Instant::toString);
        };
    }

    /** A "major.minor.build" text. */
    Optional<Object> version(Node node, String name) {
        Optional<ScalarNode> text = text(node, name);
        text.map(ScalarNode::getValue)
                .filter(value -> !CelFunctions.isVersion(value))
                .ifPresent(value -> issues.error(
                        node, "\"" + value + "\" is not a version", "write three numbers, in quotes: '1.55.40'"));
        return text.<Object>map(ScalarNode::getValue).filter(value -> CelFunctions.isVersion((String) value));
    }

    /** A whole number that every JSON reader keeps exact: less than 2^53. */
    Optional<Object> number(Node node, String name) {
        if (node instanceof ScalarNode scalar
                && scalar.getTag().equals(Tag.INT)
                && scalar.getValue().matches("[0-9]{1,16}")
                && Long.parseLong(scalar.getValue()) < 1L << 53) {
            return Optional.of(Long.parseLong(scalar.getValue()));
        }
        boolean whole = node.getTag().equals(Tag.INT);
        issues.error(
                node,
                name + " is a whole number from 0 to 2^53 - 1" + (whole ? "" : ", and this is " + Members.kind(node)),
                whole
                        ? "write it in decimal"
                        : node instanceof ScalarNode scalar && scalar.getValue().matches("[0-9]{1,16}")
                                ? "write it without quotes"
                                : "");
        return Optional.empty();
    }

    /** Whether a text is a word that the claim can be, where these are known. */
    boolean isKnown(ScalarNode value, String path, List<ClaimDefinition> definitions) {
        Optional<KnownWords> known =
                KnownWords.of(definitions.stream().map(ClaimDefinition::type).toList());
        Optional<String> objection = known.flatMap(words -> words.objection(path, value.getValue()));
        objection.ifPresent(why -> issues.error(value, why, known.orElseThrow().suggestion(value.getValue())));
        return objection.isEmpty();
    }

    /** Whether a text is hex of one of these lengths, in bytes. */
    boolean fits(ScalarNode value, String path, SortedSet<Integer> lengths) {
        String text = value.getValue();
        if (text.length() % 2 == 1 && text.matches("[0-9a-f]+")) {
            issues.error(
                    value,
                    "a value of %s is %s hex digits; this one has %d"
                            .formatted(
                                    path,
                                    lengths.stream()
                                            .map(length -> String.valueOf(2 * length))
                                            .collect(Collectors.joining(" or ")),
                                    text.length()),
                    "a digit is missing, or there is one too many");
            return false;
        }
        if (!HEX.matcher(text).matches()) {
            issues.error(
                    value,
                    "a value of " + path + " is lowercase hex without 0x",
                    text.matches("(0[xX])?[0-9a-fA-F]+")
                            ? "write it in lowercase and without 0x: otherwise it never equals the claim"
                            : "");
            return false;
        }
        if (!lengths.contains(text.length() / 2)) {
            issues.error(
                    value,
                    "a value of %s is %s bytes; this one is %d"
                            .formatted(
                                    path,
                                    lengths.stream().map(String::valueOf).collect(Collectors.joining(" or ")),
                                    text.length() / 2),
                    "");
            return false;
        }
        return true;
    }

    /** The lengths that hex claims of these definitions have; empty when one of them takes other texts too. */
    static SortedSet<Integer> lengths(List<ClaimDefinition> definitions) {
        var lengths = new TreeSet<Integer>();
        for (ClaimDefinition definition : definitions) {
            if (!(definition.type() instanceof ClaimType.Hex(int length))) {
                return new TreeSet<>();
            }
            lengths.add(length);
        }
        return lengths;
    }

    private Optional<Object> flag(Node node, String path) {
        if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.BOOL)) {
            return Optional.of(Boolean.parseBoolean(scalar.getValue()));
        }
        boolean meant = node instanceof ScalarNode scalar
                && OTHER_FLAGS.matcher(scalar.getValue()).matches();
        issues.error(
                node,
                path + " is true or false, and this is " + Members.kind(node),
                meant ? "write true or false, without quotes: YAML 1.2 has no other words for them" : "");
        return Optional.empty();
    }

    private Optional<ScalarNode> text(Node node, String name) {
        if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR)) {
            return Optional.of(scalar);
        }
        issues.error(
                node,
                name + " is text, and YAML reads this as " + Members.kind(node),
                node instanceof ScalarNode scalar ? Members.quoted(scalar) : "");
        return Optional.empty();
    }

    private <T> Optional<Object> list(Node node, String path, Function<Node, Optional<T>> each) {
        if (!(node instanceof SequenceNode sequence)) {
            issues.error(node, path + " is a list, and this is " + Members.kind(node), "write it as [a, b]");
            return Optional.empty();
        }
        var values = new ArrayList<T>();
        sequence.getValue().forEach(entry -> each.apply(entry).ifPresent(values::add));
        return Optional.of(List.copyOf(values));
    }
}
