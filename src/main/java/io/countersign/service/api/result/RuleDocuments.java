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

    private int room = ROOM;

    private RuleDocuments() {}

    static List<Map<String, Object>> of(List<RuleResult> rules) {
        var documents = new RuleDocuments();
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
        ResultDocument.detail(document, room > 0 ? rule.outcome() : shortened(rule.outcome()));
        if (!rule.saw().isEmpty() && room > 0) {
            document.put("saw", saw(rule.saw()));
        }
        document.put("policy", rule.origin());
        room -= weight(rule);
        return document;
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
    private static Map<String, @Nullable Object> saw(Map<String, Seen> all) {
        var document = new LinkedHashMap<String, @Nullable Object>();
        all.forEach((name, seen) -> document.put(
                name,
                switch (seen) {
                    case Seen.Value(var value) -> value;
                    case Seen.Absent _ -> null;
                }));
        return document;
    }
}
