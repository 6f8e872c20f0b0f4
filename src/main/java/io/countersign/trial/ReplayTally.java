package io.countersign.trial;

import io.countersign.cases.Case;
import io.countersign.trial.Yardstick.Admission;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyTrial.TrialVerdict;
import io.countersign.verifier.policy.Rule;
import io.countersign.verifier.result.RuleResult;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Counts, whatever the order in which cases end. Examples are the first by name, so that they are the same every time. */
final class ReplayTally {
    private final AppraisalPolicy before;
    private final AppraisalPolicy after;
    private final int examples;
    private final Map<Admission, Map<Admission, Long>> matrix = new EnumMap<>(Admission.class);
    private final Map<String, ReplayReport.RuleCounts> rules = new LinkedHashMap<>();
    private final TreeSet<String> newlyRefused = new TreeSet<>();
    private final TreeSet<String> newlyAdmitted = new TreeSet<>();
    private final TreeMap<String, String> unreadable = new TreeMap<>();
    private final Set<Yardstick> yardsticks = new LinkedHashSet<>();
    private long ofAnotherPolicy;
    private long unreadableCount;
    private long refusedByNoRule;
    private long statusChanged;
    private long otherThanRecorded;

    ReplayTally(AppraisalPolicy before, AppraisalPolicy after, int examples) {
        this.before = before;
        this.after = after;
        this.examples = examples;
        // In the order of the policies; what the program itself demands comes after.
        for (AppraisalPolicy policy : List.of(after, before)) {
            policy.rules().stream()
                    .map(Rule::name)
                    .forEach(name -> rules.putIfAbsent(name, ReplayReport.RuleCounts.NONE));
        }
    }

    synchronized void ofAnotherPolicy() {
        ofAnotherPolicy++;
    }

    synchronized void unreadable(String name, String why) {
        unreadableCount++;
        unreadable.put(name, why);
        if (unreadable.size() > examples) {
            unreadable.pollLastEntry();
        }
    }

    synchronized void judged(Case read, TrialVerdict then, TrialVerdict now) {
        Yardstick yardstick = Yardstick.between(before, after, read.at());
        yardsticks.add(yardstick);
        Admission was = yardstick.admission(before, then.status(), then.token());
        Admission is = yardstick.admission(after, now.status(), now.token());
        matrix.computeIfAbsent(was, _ -> new EnumMap<>(Admission.class)).merge(is, 1L, Long::sum);
        statusChanged += then.status() == now.status() ? 0 : 1;
        otherThanRecorded += differsFromRecorded(read, then) ? 1 : 0;
        var earlier = RuleWords.worst(then.rules());
        var later = RuleWords.worst(now.rules());
        var names = new LinkedHashSet<>(later.keySet());
        names.addAll(earlier.keySet());
        for (String name : names) {
            rules.merge(
                    name,
                    ReplayReport.RuleCounts.NONE.counting(earlier.get(name), later.get(name)),
                    ReplayReport.RuleCounts::plus);
        }
        switch (Yardstick.Change.between(was, is)) {
            case SAME -> {}
            case NEWLY_REFUSED -> {
                example(newlyRefused, read.name());
                List<String> inTheWay = inTheWay(later);
                if (inTheWay.isEmpty()) {
                    refusedByNoRule++;
                } else if (inTheWay.size() == 1) {
                    rules.computeIfPresent(inTheWay.getFirst(), (_, counts) -> counts.alone());
                }
            }
            case NEWLY_ADMITTED -> {
                example(newlyAdmitted, read.name());
                List<String> wasInTheWay = inTheWay(earlier);
                if (wasInTheWay.size() == 1) {
                    rules.computeIfPresent(wasInTheWay.getFirst(), (_, counts) -> counts.released());
                }
            }
        }
    }

    /** The same text may judge otherwise than it did when something was not written down. */
    private boolean differsFromRecorded(Case read, TrialVerdict then) {
        return read.recorded()
                .filter(recorded ->
                        recorded.policyDigest().equals(before.identity().digestText()))
                .filter(recorded -> !recorded.status().equals(then.status().word()))
                .isPresent();
    }

    private static List<String> inTheWay(Map<String, RuleResult> worst) {
        return worst.values().stream()
                .filter(rule -> !rule.outcome().admits())
                .map(RuleResult::name)
                .toList();
    }

    private void example(NavigableSet<String> names, String name) {
        names.add(name);
        if (names.size() > examples) {
            names.pollLast();
        }
    }

    synchronized ReplayReport report() {
        var ofRules = new ArrayList<ReplayReport.OfRule>();
        rules.forEach((name, counts) -> {
            if (!counts.equals(ReplayReport.RuleCounts.NONE)) {
                ofRules.add(new ReplayReport.OfRule(name, counts));
            }
        });
        return new ReplayReport(
                before.identity(),
                after.identity(),
                Set.copyOf(yardsticks),
                count(_ -> true, _ -> true),
                ofAnotherPolicy,
                unreadableCount,
                count(Admission.ADMITTED::equals, Admission.ADMITTED::equals),
                count(Admission.REFUSED::equals, Admission.REFUSED::equals),
                count(Admission.ADMITTED::equals, Admission.REFUSED::equals),
                count(Admission.REFUSED::equals, Admission.ADMITTED::equals),
                statusChanged,
                refusedByNoRule,
                otherThanRecorded,
                List.copyOf(newlyRefused),
                List.copyOf(newlyAdmitted),
                unreadable.entrySet().stream()
                        .map(each -> each.getKey() + ": " + each.getValue())
                        .collect(Collectors.toList()),
                ofRules);
    }

    private long count(Predicate<Admission> was, Predicate<Admission> is) {
        return matrix.entrySet().stream()
                .filter(row -> was.test(row.getKey()))
                .flatMap(row -> row.getValue().entrySet().stream())
                .filter(cell -> is.test(cell.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** How a rule's outcome counts here; one that a policy does not have has none. */
    static boolean open(Outcome outcome) {
        return outcome instanceof Outcome.Undetermined || outcome instanceof Outcome.NotReached;
    }
}
