package io.countersign.trial;

import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.FloorTable;
import io.countersign.verifier.policy.ReferenceSet;
import io.countersign.verifier.policy.Rule;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reference values and floors that were added, removed or changed. */
final class ValueDiff {
    private static final int SHOWN = 16;
    private static final Pattern DOT = Pattern.compile("\\.");
    /** What may make less of more: negations, and whatever takes an answer for a value to compare, count or select by. */
    private static final Pattern TURNS_AROUND =
            Pattern.compile("[!?]|//|false|size\\(|exists_one|\\)\\s*([-<>=+*/%.\\[]|in\\b)|(==|[<>]=?|\\bin)\\s*\\(");
    /** Behind a look-up: its end, or that of an operand. */
    private static final Pattern OPERAND_ENDS = Pattern.compile("\\s*($|\\)|&&|\\|\\|)");

    private final AppraisalPolicy before;
    private final AppraisalPolicy after;
    private final List<PolicyChange> changes;

    private ValueDiff(AppraisalPolicy before, AppraisalPolicy after, List<PolicyChange> changes) {
        this.before = before;
        this.after = after;
        this.changes = changes;
    }

    static void compare(AppraisalPolicy before, AppraisalPolicy after, List<PolicyChange> changes) {
        var diff = new ValueDiff(before, after, changes);
        diff.references();
        diff.floors();
    }

    private void references() {
        var names = new TreeSet<>(before.references().keySet());
        names.addAll(after.references().keySet());
        for (String name : names) {
            Optional<ReferenceSet> was = Optional.ofNullable(before.references().get(name));
            Optional<ReferenceSet> is = Optional.ofNullable(after.references().get(name));
            if (was.isPresent() && is.isPresent()) {
                compare(was.get(), is.get());
            } else if (is.isPresent()) {
                changes.add(PolicyChange.neutral(
                        "new reference values %s of %s, %d of them; what the rules make of them counts"
                                .formatted(
                                        name,
                                        is.get().claim(),
                                        is.get().values().size())));
            } else {
                changes.add(PolicyChange.neutral("the reference values %s are gone".formatted(name)));
            }
        }
    }

    private void compare(ReferenceSet was, ReferenceSet is) {
        String named = "reference values " + is.name();
        if (!was.claim().equals(is.claim())) {
            changes.add(PolicyChange.changed("the %s are of %s, were of %s".formatted(named, is.claim(), was.claim())));
        }
        var added = new LinkedHashSet<>(is.values());
        was.values().forEach(added::remove);
        var removed = new LinkedHashSet<>(was.values());
        is.values().forEach(removed::remove);
        boolean known = onlyLookedUp("references." + is.name(), Pattern.compile("\\bin "));
        added.forEach(value -> changes.add(new PolicyChange(
                known ? PolicyChange.Kind.LOOSER : PolicyChange.Kind.CHANGED,
                "the %s hold %s in addition".formatted(named, shortened(value)))));
        removed.forEach(value -> changes.add(new PolicyChange(
                known ? PolicyChange.Kind.STRICTER : PolicyChange.Kind.CHANGED,
                "the %s no longer hold %s".formatted(named, shortened(value)))));
        is.entries().forEach(value -> was.entries().stream()
                .filter(each -> each.text().equals(value.text()))
                .findFirst()
                .ifPresent(earlier -> compare(named, known, earlier, value)));
        if (!was.expires().equals(is.expires())) {
            boolean sooner =
                    is.expires().orElse(Instant.MAX).isBefore(was.expires().orElse(Instant.MAX));
            changes.add(new PolicyChange(
                    sooner ? PolicyChange.Kind.STRICTER : PolicyChange.Kind.LOOSER,
                    "the %s expire %s, was %s".formatted(named, end(is.expires()), end(was.expires()))));
        }
        if (!was.note().equals(is.note()) || !was.owner().equals(is.owner())) {
            changes.add(PolicyChange.neutral("the %s have another note or owner: %s".formatted(named, is.note())));
        }
    }

    private void compare(String named, boolean known, ReferenceSet.Value was, ReferenceSet.Value is) {
        if (!was.expires().equals(is.expires())) {
            boolean sooner =
                    is.expires().orElse(Instant.MAX).isBefore(was.expires().orElse(Instant.MAX));
            PolicyChange.Kind kind = sooner ? PolicyChange.Kind.STRICTER : PolicyChange.Kind.LOOSER;
            changes.add(new PolicyChange(
                    known ? kind : PolicyChange.Kind.CHANGED,
                    "the %s hold %s until %s, was %s"
                            .formatted(named, shortened(is.text()), end(is.expires()), end(was.expires()))));
        }
        if (!was.note().equals(is.note())) {
            changes.add(PolicyChange.neutral(
                    "of the %s, %s has another note: %s".formatted(named, shortened(is.text()), is.note())));
        }
    }

    private static String end(Optional<Instant> end) {
        return end.map(Instant::toString).orElse("never");
    }

    /** Whether every rule that reads these does nothing but ask for being among them, or for reaching them. */
    private boolean onlyLookedUp(String name, Pattern operator) {
        Pattern mention = Pattern.compile("(.{0,3})\\b" + Pattern.quote(name) + "\\b", Pattern.DOTALL);
        for (AppraisalPolicy policy : List.of(before, after)) {
            for (Rule rule : policy.rules()) {
                var found = mention.matcher(rule.require());
                boolean mentioned = false;
                while (found.find()) {
                    mentioned = true;
                    String behind = rule.require().substring(found.end());
                    if (!operator.matcher(found.group(1)).find()
                            || !OPERAND_ENDS.matcher(behind).lookingAt()) {
                        return false;
                    }
                }
                if (mentioned && TURNS_AROUND.matcher(rule.require()).find()) {
                    return false;
                }
            }
        }
        return true;
    }

    private void floors() {
        var names = new TreeSet<>(before.floors().keySet());
        names.addAll(after.floors().keySet());
        for (String name : names) {
            Optional<FloorTable> was = Optional.ofNullable(before.floors().get(name));
            Optional<FloorTable> is = Optional.ofNullable(after.floors().get(name));
            if (was.isPresent() && is.isPresent()) {
                compare(was.get(), is.get());
            } else if (is.isPresent()) {
                changes.add(PolicyChange.neutral("new floors %s (%s); what the rules make of them counts"
                        .formatted(name, is.get().bulletin())));
            } else {
                changes.add(PolicyChange.neutral("the floors %s are gone".formatted(name)));
            }
        }
    }

    private void compare(FloorTable was, FloorTable is) {
        if (was.equals(is)) {
            return;
        }
        List<Map<String, Object>> kinds =
                is.rows().stream().map(FloorTable.Row::match).toList();
        if (!kinds.equals(was.rows().stream().map(FloorTable.Row::match).toList())) {
            changes.add(PolicyChange.changed("the floors %s tell other kinds of platforms apart: %d, were %d"
                    .formatted(is.name(), is.rows().size(), was.rows().size())));
            return;
        }
        for (int i = 0; i < kinds.size(); i++) {
            compare(is.name(), was.rows().get(i), is.rows().get(i));
        }
        if (!was.bulletin().equals(is.bulletin())
                || !was.note().equals(is.note())
                || !was.reviewed().equals(is.reviewed())) {
            changes.add(PolicyChange.neutral(
                    "the floors %s were reviewed on %s for %s".formatted(is.name(), is.reviewed(), is.bulletin())));
        }
    }

    private void compare(String name, FloorTable.Row was, FloorTable.Row is) {
        var components = new TreeSet<>(was.atLeast().keySet());
        components.addAll(is.atLeast().keySet());
        for (String component : components) {
            Object earlier = was.atLeast().get(component);
            Object later = is.atLeast().get(component);
            String named = "the floor %s.%s of platforms with %s".formatted(name, component, is.match());
            if (earlier == null || later == null) {
                // Without a floor a rule cannot be answered, which admits nobody.
                changes.add(
                        later == null
                                ? PolicyChange.stricter("%s is gone, was %s".formatted(named, earlier))
                                : PolicyChange.looser("%s is %s, there was none".formatted(named, later)));
            } else if (!earlier.equals(later)) {
                changes.add(new PolicyChange(
                        byHeight("floors." + name + "." + component, earlier, later),
                        "%s is %s, was %s".formatted(named, later, earlier)));
            }
        }
    }

    private PolicyChange.Kind byHeight(String name, Object was, Object is) {
        if (!onlyLookedUp(name, Pattern.compile(">= ?$"))) {
            return PolicyChange.Kind.CHANGED;
        }
        List<Long> earlier = numbers(was);
        List<Long> later = numbers(is);
        for (int i = 0; i < Math.min(earlier.size(), later.size()); i++) {
            int by = later.get(i).compareTo(earlier.get(i));
            if (by != 0) {
                return by > 0 ? PolicyChange.Kind.STRICTER : PolicyChange.Kind.LOOSER;
            }
        }
        return PolicyChange.Kind.CHANGED;
    }

    private static List<Long> numbers(Object floor) {
        try {
            return DOT.splitAsStream(floor.toString()).map(Long::valueOf).toList();
        } catch (NumberFormatException _) {
            return List.of();
        }
    }

    private static String shortened(String value) {
        return value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…";
    }
}
