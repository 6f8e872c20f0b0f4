package io.countersign.verifier.policy;

import io.countersign.verifier.policy.PolicyDocument.Stated;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Puts a policy's reference values and floors together with those it draws in. No name can come to mean something else. */
final class ValuesResolver {
    private final Issues issues;
    private final PolicyDocument document;
    private final List<AppraisalPolicy> parents;
    private final Map<ScalarNode, ValuesFile> files;

    /**
     * For one policy.
     *
     * @param files the values files that it draws in, by the text that names them
     */
    ValuesResolver(
            Issues issues, PolicyDocument document, List<AppraisalPolicy> parents, Map<ScalarNode, ValuesFile> files) {
        this.issues = issues;
        this.document = document;
        this.parents = parents;
        this.files = files;
    }

    PolicyValues resolve() {
        return new PolicyValues(
                all("reference values", PolicyValues::references, document.references(), ReferenceSet::name),
                all("floors", PolicyValues::floors, document.floors(), FloorTable::name));
    }

    private <T> Map<String, T> all(
            String what, Function<PolicyValues, Map<String, T>> of, List<Stated<T>> own, Function<T, String> name) {
        var all = new LinkedHashMap<String, T>();
        parents.forEach(parent -> of.apply(parent.values()).forEach((each, value) -> {
            T earlier = all.putIfAbsent(each, value);
            if (earlier != null && !earlier.equals(value)) {
                refuse(document.root(), what, each, "the policies drawn in declare", "rename one of them");
            }
        }));
        files.forEach((node, file) -> of.apply(file.values()).forEach((each, value) -> {
            T earlier = all.putIfAbsent(each, value);
            if (earlier != null && !earlier.equals(value)) {
                refuse(node, what, each, "this values file and something else drawn in declare", "rename one of them");
            }
        }));
        own.forEach(stated -> {
            if (all.putIfAbsent(name.apply(stated.value()), stated.value()) != null) {
                issues.error(
                        stated.node(),
                        "a file drawn in already declares %s \"%s\"".formatted(what, name.apply(stated.value())),
                        "choose another name: rules drawn in must keep reading what they were written for");
            }
        });
        return all;
    }

    private void refuse(Node place, String what, String name, String who, String suggestion) {
        issues.error(place, "%s %s \"%s\" differently".formatted(who, what, name), suggestion);
    }

    /** What is declared and never read protects nobody, and often is a rule that was forgotten. */
    void warnOfUnread(Set<String> read) {
        document.references().stream()
                .filter(set -> !read.contains(CelWords.REFERENCES + set.value().name()))
                .forEach(set -> issues.warning(
                        set.node(),
                        "no rule reads the reference values \"" + set.value().name() + "\"",
                        "read them as references." + set.value().name() + " in a rule, or remove them"));
        document.floors().stream()
                .filter(table -> !reads(read, table.value().name()))
                .forEach(table -> issues.warning(
                        table.node(),
                        "no rule reads the floors \"" + table.value().name() + "\"",
                        "read them as floors." + table.value().name() + ".<component> in a rule, or remove them"));
        files.forEach((node, file) -> {
            boolean any = file.values().references().keySet().stream()
                            .anyMatch(name -> read.contains(CelWords.REFERENCES + name))
                    || file.values().floors().keySet().stream().anyMatch(name -> reads(read, name));
            if (!any) {
                issues.warning(
                        node,
                        "no rule reads anything of the values file \"" + node.getValue() + "\"",
                        "read it in a rule, or do not draw it in");
            }
        });
    }

    private static boolean reads(Set<String> read, String table) {
        return read.stream().anyMatch(variable -> variable.startsWith(CelWords.FLOORS + table + "."));
    }
}
