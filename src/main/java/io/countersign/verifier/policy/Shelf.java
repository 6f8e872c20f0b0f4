package io.countersign.verifier.policy;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Where a policy finds what it draws in.
 *
 * @param good what is accepted
 * @param refused files that were refused, by the id that they declare
 * @param lastGood earlier versions of those
 * @param declared every id that some file declares, read or still to be read
 */
record Shelf(
        PolicyParser.Library good, Map<String, String> refused, PolicyParser.Library lastGood, Set<String> declared) {
    static Shelf of(PolicyParser.Library library) {
        return new Shelf(
                library,
                Map.of(),
                PolicyParser.Library.empty(),
                library.policies().keySet());
    }

    Optional<AppraisalPolicy> policy(ScalarNode node, Issues issues) {
        if (good.values().containsKey(node.getValue())) {
            issues.error(
                    node,
                    "\"" + node.getValue() + "\" is a values file, and extends draws in policies",
                    "write: values-from: [" + node.getValue() + "]");
            return Optional.empty();
        }
        return find("policy", node, good.policies(), lastGood.policies(), issues);
    }

    Optional<ValuesFile> values(ScalarNode node, Issues issues) {
        if (good.policies().containsKey(node.getValue())) {
            issues.error(
                    node,
                    "\"" + node.getValue() + "\" is a policy, and values-from draws in values files",
                    "write: extends: [" + node.getValue() + "]");
            return Optional.empty();
        }
        return find("values file", node, good.values(), lastGood.values(), issues);
    }

    /** Not an error: which policies are loaded may change while this one waits to be compared. */
    void warnOfUnknown(ScalarNode shadowed, Issues issues) {
        if (!declared.contains(shadowed.getValue())) {
            issues.warning(
                    shadowed,
                    "no policy \"" + shadowed.getValue() + "\" is loaded, so nothing is compared with this one",
                    Spelling.suggest(shadowed.getValue(), declared));
        }
    }

    private <T> Optional<T> find(
            String what, ScalarNode node, Map<String, T> accepted, Map<String, T> earlier, Issues issues) {
        String id = node.getValue();
        T found = accepted.get(id);
        if (found != null) {
            return Optional.of(found);
        }
        String file = refused.get(id);
        if (file == null) {
            issues.error(
                    node,
                    "no %s \"%s\" is loaded".formatted(what, id),
                    Spelling.suggest(id, union(accepted.keySet(), refused.keySet())));
            return Optional.empty();
        }
        T last = earlier.get(id);
        if (last == null) {
            issues.error(
                    node, "the %s \"%s\" was refused, and with it this one".formatted(what, id), "correct " + file);
            return Optional.empty();
        }
        issues.warning(
                node,
                "the %s \"%s\" was refused, so its last good version is drawn in".formatted(what, id),
                "correct " + file);
        return Optional.of(last);
    }

    private static Set<String> union(Collection<String> one, Collection<String> other) {
        var all = new HashSet<>(one);
        all.addAll(other);
        return all;
    }
}
