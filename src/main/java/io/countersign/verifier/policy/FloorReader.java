package io.countersign.verifier.policy;

import io.countersign.verifier.claim.ClaimDefinition;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.policy.PolicyDocument.Stated;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads tables of floors: the least that components of firmware must have reached, by kind of platform. */
final class FloorReader {
    static final List<String> MEMBERS = List.of("bulletin", "reviewed", "note", "for", "rows");
    static final List<String> ROW_MEMBERS = List.of("match", "at-least");
    private static final int MAX_ROWS = 100;

    private final ClaimVocabulary vocabulary;
    private final Issues issues;
    private final ClaimValueReader values;

    FloorReader(ClaimVocabulary vocabulary, Issues issues) {
        this.vocabulary = vocabulary;
        this.issues = issues;
        this.values = new ClaimValueReader(issues);
    }

    /** When floors were reviewed, and the text that says so. */
    record Reviewed(LocalDate date, ScalarNode node) {
        static Optional<Reviewed> read(Members members, Issues issues) {
            return members.text("reviewed")
                    .flatMap(text -> Times.date(text, "reviewed", issues).map(date -> new Reviewed(date, text)));
        }
    }

    /**
     * The tables of a file.
     *
     * @param reviewed what counts for tables that say nothing themselves
     */
    List<Stated<FloorTable>> read(Members file, Optional<Reviewed> reviewed) {
        var tables = new ArrayList<Stated<FloorTable>>();
        file.openMapping("floors").ifPresent(floors -> floors.all().forEach((name, node) -> {
            if (!Naming.isWord(name)) {
                issues.error(
                        floors.key(name),
                        "\"" + name + "\" cannot name floors: rules write it as floors." + name,
                        "use lowercase letters, digits and _, and none of CEL's own words");
            } else if (node instanceof MappingNode mapping) {
                var members = Members.of(mapping, "floors \"" + name + "\"", issues, MEMBERS);
                table(name, members, reviewed).ifPresent(table -> tables.add(new Stated<>(table, node)));
            } else {
                issues.error(
                        node,
                        "floors are a mapping with bulletin, for and rows, and this is " + Members.kind(node),
                        "");
            }
        }));
        return tables;
    }

    private Optional<FloorTable> table(String name, Members members, Optional<Reviewed> ofFile) {
        String bulletin =
                members.requiredText("bulletin").map(ScalarNode::getValue).orElse("");
        String note = members.text("note").map(ScalarNode::getValue).orElse("");
        Optional<Reviewed> reviewed = members.node("reviewed").isPresent() ? Reviewed.read(members, issues) : ofFile;
        if (reviewed.isEmpty() && members.node("reviewed").isEmpty()) {
            issues.error(
                    members.node(),
                    "nobody says when the floors \"" + name + "\" were compared with their bulletin",
                    "add: reviewed: <the date of that>");
        }
        Optional<ClaimVocabulary.Scope> scope =
                members.requiredText("for").flatMap(text -> Naming.scope(text, vocabulary, issues));
        members.required("rows");
        List<Members> rows = members.mappings("rows", "a row", ROW_MEMBERS);
        if (members.node("rows").orElse(null) instanceof SequenceNode sequence
                && (sequence.getValue().isEmpty() || sequence.getValue().size() > MAX_ROWS)) {
            issues.error(sequence, "floors have 1 to %d rows".formatted(MAX_ROWS), "");
            return Optional.empty();
        }
        if (scope.isEmpty()) {
            return Optional.empty();
        }
        var read = new ArrayList<Stated<FloorTable.Row>>();
        long errors = issues.errors();
        rows.forEach(row -> read.add(new Stated<>(row(row, scope.get()), row.node())));
        if (errors == issues.errors()) {
            refuseHiddenRows(read);
        }
        refuseTwoTypes(rows, read);
        warnOfMissingComponents(name, read);
        // Without a date the file is refused, and only the rest of its mistakes is still to be found.
        return Optional.of(new FloorTable(
                name,
                bulletin,
                reviewed.map(Reviewed::date).orElse(LocalDate.EPOCH),
                note,
                scope.get(),
                read.stream().map(Stated::value).toList(),
                issues.place(reviewed.<Node>map(Reviewed::node).orElse(members.node()))));
    }

    private FloorTable.Row row(Members row, ClaimVocabulary.Scope scope) {
        row.required("match");
        row.required("at-least");
        var match = new LinkedHashMap<String, Object>();
        row.openMapping("match")
                .ifPresent(members -> members.all().forEach((path, node) -> wanted(members.key(path), path, node, scope)
                        .ifPresent(value -> match.put(path, value))));
        var atLeast = new LinkedHashMap<String, Object>();
        row.openMapping("at-least").ifPresent(members -> {
            if (members.all().isEmpty()) {
                issues.error(members.node(), "this row has no floor", "add one: { snp: 24 }");
            }
            members.all().forEach((component, node) -> floor(members.key(component), component, node)
                    .ifPresent(value -> atLeast.put(component, value)));
        });
        return new FloorTable.Row(match, atLeast);
    }

    private Optional<Object> wanted(Node key, String path, Node node, ClaimVocabulary.Scope scope) {
        List<ClaimDefinition> definitions = vocabulary.definitions(scope, path);
        if (definitions.isEmpty()) {
            Set<String> known = vocabulary.variables(scope).keySet().stream()
                    .map(variable -> variable.substring(variable.indexOf('.') + 1))
                    .collect(Collectors.toSet());
            issues.error(key, "there is no claim \"" + path + "\" for " + scope.word(), Spelling.suggest(path, known));
            return Optional.empty();
        }
        return switch (definitions.getFirst().type()) {
            case ClaimType.TextList _, ClaimType.UnsignedIntegerList _, ClaimType.Time _ -> {
                issues.error(key, "a row cannot be chosen by " + path, "choose it by a claim with a single value");
                yield Optional.empty();
            }
            case ClaimType.Flag _,
                    ClaimType.UnsignedInteger _,
                    ClaimType.Text _,
                    ClaimType.Word _,
                    ClaimType.Version _,
                    ClaimType.Hex _ -> values.read(node, path, definitions);
        };
    }

    private Optional<Object> floor(Node key, String component, Node node) {
        if (!Naming.isWord(component)) {
            issues.error(
                    key,
                    "\"" + component + "\" cannot name a component: rules write it as floors.<name>." + component,
                    "use lowercase letters, digits and _, and none of CEL's own words");
            return Optional.empty();
        }
        String name = "the floor of " + component;
        if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.INT)) {
            return values.number(node, name);
        }
        if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR)) {
            return values.version(node, name);
        }
        issues.error(
                node,
                name + " is a whole number or a version, and this is " + Members.kind(node),
                "write 24, or a version as three numbers in quotes: '1.55.40'");
        return Optional.empty();
    }

    /** The first row that matches counts, so one that wants no more than a later one hides that. */
    private void refuseHiddenRows(List<Stated<FloorTable.Row>> rows) {
        for (int i = 1; i < rows.size(); i++) {
            Map<String, Object> match = rows.get(i).value().match();
            boolean hidden = rows.subList(0, i).stream().anyMatch(earlier -> match.entrySet()
                    .containsAll(earlier.value().match().entrySet()));
            if (hidden) {
                issues.error(
                        rows.get(i).node(),
                        "this row never counts: an earlier one matches whatever it matches",
                        "put the row that wants more first, or remove one of them");
            }
        }
    }

    private void refuseTwoTypes(List<Members> rows, List<Stated<FloorTable.Row>> read) {
        var types = new HashMap<String, Class<?>>();
        for (int i = 0; i < rows.size(); i++) {
            Members row = rows.get(i);
            read.get(i).value().atLeast().forEach((component, floor) -> {
                Class<?> earlier = types.putIfAbsent(component, floor.getClass());
                if (earlier != null && earlier != floor.getClass()) {
                    row.openMapping("at-least")
                            .flatMap(members -> members.node(component))
                            .ifPresent(node -> issues.error(
                                    node,
                                    "the floor of " + component + " is a number in one row and a version in another",
                                    "write all of them alike"));
                }
            });
        }
    }

    private void warnOfMissingComponents(String name, List<Stated<FloorTable.Row>> rows) {
        Set<String> all = rows.stream()
                .flatMap(row -> row.value().atLeast().keySet().stream())
                .collect(Collectors.toCollection(java.util.TreeSet::new));
        rows.forEach(row -> all.stream()
                .filter(component -> !row.value().atLeast().containsKey(component))
                .forEach(component -> issues.warning(
                        row.node(),
                        "this row has no floor of %s, so a rule that reads floors.%s.%s is undetermined where it matches"
                                .formatted(component, name, component),
                        "add it, or give " + component + " a table of its own")));
    }
}
