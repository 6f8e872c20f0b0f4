package io.countersign.trial;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.result.PolicyIdentity;
import io.countersign.verifier.result.RuleResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who would newly be refused or admitted.
 *
 * @param yardsticks what "admitted" means; several only where reference values expired between the cases
 * @param judged cases that count
 * @param ofAnotherPolicy left aside because another policy had judged them
 * @param statusChanged cases whose status differs, admitted or not
 * @param refusedByNoRule newly refused although every rule is met: by a check, or because no token may be made
 * @param otherThanRecorded cases that the very policy that judged them judges otherwise now
 * @param unreadableExamples name and reason
 * @param rules those that ended otherwise for some case, in the order of the policy
 */
public record ReplayReport(
        PolicyIdentity before,
        PolicyIdentity after,
        Set<Yardstick> yardsticks,
        long judged,
        long ofAnotherPolicy,
        long unreadable,
        long admittedByBoth,
        long refusedByBoth,
        long newlyRefused,
        long newlyAdmitted,
        long statusChanged,
        long refusedByNoRule,
        long otherThanRecorded,
        List<String> newlyRefusedExamples,
        List<String> newlyAdmittedExamples,
        List<String> unreadableExamples,
        List<OfRule> rules) {
    /** What became of one rule. */
    public record OfRule(String name, RuleCounts counts) {}

    /**
     * In how many cases a rule ended otherwise.
     *
     * @param newlyFailing failed now and not before, or there was no such rule
     * @param newlyUndetermined undetermined or not reached now and not before
     * @param newlyMet met now, and not met before by a rule of that name
     * @param noLongerAsked not met before, and there is no such rule now
     * @param decides newly refused, and this rule alone stands in the way
     * @param releases newly admitted, and this rule alone stood in the way
     */
    public record RuleCounts(
            long newlyFailing, long newlyUndetermined, long newlyMet, long noLongerAsked, long decides, long releases) {
        static final RuleCounts NONE = new RuleCounts(0, 0, 0, 0, 0, 0);

        RuleCounts plus(RuleCounts other) {
            return new RuleCounts(
                    newlyFailing + other.newlyFailing,
                    newlyUndetermined + other.newlyUndetermined,
                    newlyMet + other.newlyMet,
                    noLongerAsked + other.noLongerAsked,
                    decides + other.decides,
                    releases + other.releases);
        }

        RuleCounts alone() {
            return plus(new RuleCounts(0, 0, 0, 0, 1, 0));
        }

        RuleCounts released() {
            return plus(new RuleCounts(0, 0, 0, 0, 0, 1));
        }

        RuleCounts counting(@Nullable RuleResult before, @Nullable RuleResult after) {
            if (after == null) {
                return before == null || before.outcome().admits() ? this : plus(new RuleCounts(0, 0, 0, 1, 0, 0));
            }
            Outcome now = after.outcome();
            if (now instanceof Outcome.Failed) {
                return before != null && before.outcome() instanceof Outcome.Failed
                        ? this
                        : plus(new RuleCounts(1, 0, 0, 0, 0, 0));
            }
            if (ReplayTally.open(now)) {
                return before != null && ReplayTally.open(before.outcome())
                        ? this
                        : plus(new RuleCounts(0, 1, 0, 0, 0, 0));
            }
            return before == null || before.outcome().admits() ? this : plus(new RuleCounts(0, 0, 1, 0, 0, 0));
        }
    }

    public ReplayReport {
        yardsticks = Set.copyOf(yardsticks);
        newlyRefusedExamples = List.copyOf(newlyRefusedExamples);
        newlyAdmittedExamples = List.copyOf(newlyAdmittedExamples);
        unreadableExamples = List.copyOf(unreadableExamples);
        rules = List.copyOf(rules);
    }

    /** The whole as plain values, ready for JSON, in the order in which people read it. */
    public Map<String, Object> document() {
        var document = new LinkedHashMap<String, Object>();
        document.put("before", identity(before));
        document.put("after", identity(after));
        document.put(
                "admitted_means",
                yardsticks.stream().map(Yardstick::words).sorted().toList());
        document.put("judged", judged);
        document.put("of_another_policy", ofAnotherPolicy);
        document.put("unreadable", unreadable);
        document.put("admitted_by_both", admittedByBoth);
        document.put("refused_by_both", refusedByBoth);
        document.put("newly_refused", newlyRefused);
        document.put("newly_admitted", newlyAdmitted);
        document.put("status_changed", statusChanged);
        document.put("refused_by_no_rule", refusedByNoRule);
        document.put("other_than_recorded", otherThanRecorded);
        document.put("newly_refused_examples", newlyRefusedExamples);
        document.put("newly_admitted_examples", newlyAdmittedExamples);
        document.put("unreadable_examples", unreadableExamples);
        document.put("rules", rules.stream().map(ReplayReport::rule).toList());
        return document;
    }

    private static Map<String, Object> identity(PolicyIdentity policy) {
        var document = new LinkedHashMap<String, Object>();
        document.put("id", policy.id());
        document.put("version", policy.version());
        document.put("digest", policy.digestText());
        return document;
    }

    private static Map<String, Object> rule(OfRule rule) {
        var document = new LinkedHashMap<String, Object>();
        document.put("name", rule.name());
        document.put("newly_failing", rule.counts().newlyFailing());
        document.put("newly_undetermined", rule.counts().newlyUndetermined());
        document.put("newly_met", rule.counts().newlyMet());
        document.put("no_longer_asked", rule.counts().noLongerAsked());
        document.put("decides", rule.counts().decides());
        document.put("releases", rule.counts().releases());
        return document;
    }
}
