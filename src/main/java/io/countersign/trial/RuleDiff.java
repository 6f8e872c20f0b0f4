package io.countersign.trial;

import io.countersign.verifier.policy.Rule;
import io.countersign.verifier.result.TrustTier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rules that were added, removed or changed, by their names. */
final class RuleDiff {
    private RuleDiff() {}

    static void compare(List<Rule> before, List<Rule> after, List<PolicyChange> changes) {
        Map<String, Rule> was = byName(before);
        Map<String, Rule> is = byName(after);
        is.forEach((name, rule) -> Optional.ofNullable(was.get(name))
                .ifPresentOrElse(
                        earlier -> compare(earlier, rule, changes),
                        () -> changes.add(PolicyChange.stricter("a new rule \"%s\" for %s: %s"
                                .formatted(name, rule.scope().word(), rule.require())))));
        was.forEach((name, rule) -> {
            if (!is.containsKey(name)) {
                changes.add(PolicyChange.looser("the rule \"%s\" is gone: %s".formatted(name, rule.require())));
            }
        });
    }

    private static Map<String, Rule> byName(List<Rule> rules) {
        var byName = new LinkedHashMap<String, Rule>();
        rules.forEach(rule -> byName.put(rule.name(), rule));
        return byName;
    }

    private static void compare(Rule was, Rule is, List<PolicyChange> changes) {
        String named = "the rule \"%s\"".formatted(is.name());
        if (!was.require().equals(is.require())) {
            changes.add(new PolicyChange(
                    byText(was.require(), is.require()),
                    "%s requires %s, was %s".formatted(named, is.require(), was.require())));
        }
        if (!was.scope().equals(is.scope())) {
            changes.add(new PolicyChange(
                    byScope(was, is),
                    "%s is about %s, was about %s"
                            .formatted(named, is.scope().word(), was.scope().word())));
        }
        if (was.otherwise() != is.otherwise()) {
            changes.add(new PolicyChange(
                    byTier(was.otherwise(), is.otherwise()),
                    "%s, where not met, makes the status %s, was %s"
                            .formatted(
                                    named,
                                    is.otherwise().word(),
                                    was.otherwise().word())));
        }
        if (was.affirms() != is.affirms()) {
            TrustTier earlier = TrustTier.ofValue(was.affirms());
            TrustTier later = TrustTier.ofValue(is.affirms());
            changes.add(new PolicyChange(
                    earlier == later ? PolicyChange.Kind.NEUTRAL : byTier(earlier, later),
                    "%s, where met, affirms %d, was %d".formatted(named, is.affirms(), was.affirms())));
        }
        if (was.sets() != is.sets()) {
            changes.add(PolicyChange.changed("%s sets %s, was %s"
                    .formatted(named, is.sets().word(), was.sets().word())));
        }
        if (!was.because().equals(is.because()) || !was.hint().equals(is.hint())) {
            changes.add(PolicyChange.neutral("%s is explained in other words: %s".formatted(named, is.because())));
        }
    }

    private static PolicyChange.Kind byTier(TrustTier was, TrustTier is) {
        return is.compareTo(was) > 0 ? PolicyChange.Kind.STRICTER : PolicyChange.Kind.LOOSER;
    }

    private static PolicyChange.Kind byScope(Rule was, Rule is) {
        if (is.scope().types().containsAll(was.scope().types())) {
            return PolicyChange.Kind.STRICTER;
        }
        return was.scope().types().containsAll(is.scope().types())
                ? PolicyChange.Kind.LOOSER
                : PolicyChange.Kind.CHANGED;
    }

    /** One more demand at the end is stricter and one more way out is looser; of anything else nothing is said. */
    private static PolicyChange.Kind byText(String was, String is) {
        if (extended(was, is, " && ") || extended(is, was, " || ")) {
            return PolicyChange.Kind.STRICTER;
        }
        return extended(is, was, " && ") || extended(was, is, " || ")
                ? PolicyChange.Kind.LOOSER
                : PolicyChange.Kind.CHANGED;
    }

    /** Whether the longer is the shorter and then the operator and something that cannot change how the shorter is read. */
    private static boolean extended(String shorter, String longer, String operator) {
        // Behind a comment the operator is none.
        if (shorter.contains("?") || longer.contains("//") || !longer.startsWith(shorter + operator)) {
            return false;
        }
        String rest = longer.substring(shorter.length());
        return !rest.contains("?") && (operator.equals(" || ") || !rest.contains("||"));
    }
}
