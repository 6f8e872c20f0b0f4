package io.countersign.verifier.policy;

import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** How things in a policy may be named, and names of what this verifier knows. */
final class Naming {
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,63}");
    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9_]{0,63}");
    private static final int MAX_NAME = 100;

    private Naming() {}

    /** The id of a file; told when it cannot be one. */
    static String id(ScalarNode node, String what, Issues issues) {
        if (!ID.matcher(node.getValue()).matches()) {
            issues.error(
                    node,
                    "the id of " + what
                            + " is a lowercase letter, then at most 63 lowercase letters, digits or hyphens",
                    "");
        }
        return node.getValue();
    }

    static String version(ScalarNode node, String what, Issues issues) {
        if (node.getValue().length() > 64) {
            issues.error(node, "the version of " + what + " is at most 64 characters", "");
        }
        return node.getValue();
    }

    /** Whether expressions can spell it as one step of a dotted name. */
    static boolean isWord(String name) {
        return WORD.matcher(name).matches() && !CelWords.RESERVED.contains(name);
    }

    /** Whether it is one line that fits beside a result; told when it is not. */
    static boolean fits(ScalarNode name, String what, Issues issues) {
        boolean fits =
                name.getValue().length() <= MAX_NAME && name.getValue().lines().count() == 1;
        if (!fits) {
            issues.error(name, "the name of " + what + " is one line of at most 100 characters", "");
        }
        return fits;
    }

    /** A class of devices or an evidence type; told when there is none of that name. */
    static Optional<ClaimVocabulary.Scope> scope(ScalarNode text, ClaimVocabulary vocabulary, Issues issues) {
        Optional<ClaimVocabulary.Scope> scope = vocabulary.scope(text.getValue());
        if (scope.isEmpty()) {
            issues.error(
                    text,
                    "no evidence of type \"" + text.getValue() + "\" is known here",
                    Spelling.suggestOrList(text.getValue(), vocabulary.scopeWords()));
        }
        return scope;
    }

    /** A word out of those known; told when it is another. */
    static Optional<String> oneOf(ScalarNode text, String what, Collection<String> known, Issues issues) {
        if (known.contains(text.getValue())) {
            return Optional.of(text.getValue());
        }
        issues.error(
                text, what + " cannot be \"" + text.getValue() + "\"", Spelling.suggestOrList(text.getValue(), known));
        return Optional.empty();
    }
}
