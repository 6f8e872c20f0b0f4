package io.countersign.service.api.result;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.result.RuleResult;
import io.countersign.verifier.result.Seen;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rules of a result. What they saw and wanted is told in full as long as there is room: anybody may send many devices and a
 * draft with many rules, and no person reads a megabyte.
 */
final class RuleDocuments {
    private static final int ROOM = 1024 * 1024;
    private static final int SHORT = 100;

    /** Stands in place of values, so that nobody takes their absence for a rule that wants nothing. */
    private static final String WITHHELD =
            "withheld: what a policy's rules compare with shows to callers with the role read-policies";

    /** The minimum versions of a policy are its values too, and rules see them under this name. */
    private static final String FLOORS = "floors.";

    private final ResultDocument.Wanted wanted;
    private int room = ROOM;

    private RuleDocuments(ResultDocument.Wanted wanted) {
        this.wanted = wanted;
    }

    static List<Map<String, Object>> of(List<RuleResult> rules, ResultDocument.Wanted wanted) {
        var documents = new RuleDocuments(wanted);
        var all = new ArrayList<Map<String, Object>>();
        rules.forEach(rule -> all.add(documents.document(rule)));
        return all;
    }

    private Map<String, Object> document(RuleResult rule) {
        var document = new LinkedHashMap<String, Object>();
        document.put("name", rule.name());
        if (!rule.submodule().isEmpty()) {
            document.put("submodule", rule.submodule());
        }
        document.put("outcome", rule.outcome().word());
        document.put("because", rule.because());
        Outcome told = discreet(rule.outcome());
        ResultDocument.detail(document, room > 0 ? told : shortened(told));
        if (!rule.saw().isEmpty() && room > 0) {
            document.put("saw", saw(rule.saw()));
        }
        document.put("policy", rule.origin());
        room -= weight(rule);
        return document;
    }

    /** What was found is the asker's own evidence; what is missing names things and no values. */
    private Outcome discreet(Outcome outcome) {
        return wanted == ResultDocument.Wanted.WITHHELD
                        && outcome instanceof Outcome.Failed(var _, var actual, var hint)
                ? new Outcome.Failed(WITHHELD, actual, hint)
                : outcome;
    }

    /** About how many characters it saw and wanted take. */
    private static int weight(RuleResult rule) {
        int saw = rule.saw().values().stream()
                .mapToInt(seen -> seen instanceof Seen.Value(String text)
                        ? 50 + text.length()
                        : seen instanceof Seen.Value(List<?> list) ? 50 + 200 * list.size() : 50)
                .sum();
        int said =
                switch (rule.outcome()) {
                    case Outcome.Failed(var expected, var actual, var _) -> expected.length() + actual.length();
                    case Outcome.Undetermined(var missing, var _, var _) -> missing.length();
                    case Outcome.Passed _, Outcome.NotReached _, Outcome.Waived _ -> 0;
                };
        return saw + said;
    }

    private static Outcome shortened(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Failed(var expected, var actual, var hint) ->
                new Outcome.Failed(cut(expected), cut(actual), hint);
            case Outcome.Undetermined(var missing, var cause, var hint) ->
                new Outcome.Undetermined(cut(missing), cause, hint);
            case Outcome.Passed _, Outcome.NotReached _, Outcome.Waived _ -> outcome;
        };
    }

    private static String cut(String text) {
        return text.length() <= SHORT ? text : text.substring(0, text.offsetByCodePoints(0, SHORT / 2)) + "…";
    }

    /** Absent ones are null: whoever reads this sees that they were asked for. */
    private Map<String, @Nullable Object> saw(Map<String, Seen> all) {
        var document = new LinkedHashMap<String, @Nullable Object>();
        all.forEach((name, seen) -> document.put(
                name,
                switch (seen) {
                    case Seen.Value(var value) -> value(name, value);
                    case Seen.Absent _ -> null;
                }));
        return document;
    }

    private Object value(String name, Object value) {
        return wanted == ResultDocument.Wanted.WITHHELD && name.startsWith(FLOORS) ? WITHHELD : value;
    }
}
