package io.countersign.verifier.policy;

import io.countersign.verifier.policy.PolicyIssue.Severity;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What of a policy or a values file has aged at some instant: said before it hurts, and where it is written. */
final class PolicyAge {
    private static final Duration SOON = Duration.ofDays(30);
    private static final Duration REVIEW = Duration.ofDays(180);

    private final Instant at;
    private final List<PolicyIssue> found = new ArrayList<>();

    private PolicyAge(Instant at) {
        this.at = at;
    }

    static List<PolicyIssue> of(AppraisalPolicy policy, Instant at) {
        var age = new PolicyAge(at);
        policy.references().values().forEach(set -> age.set(policy, set));
        policy.floors().values().forEach(age::floors);
        return age.found();
    }

    /** All that a values file holds, whoever reads it. */
    static List<PolicyIssue> of(PolicyValues values, Instant at) {
        var age = new PolicyAge(at);
        values.references().values().forEach(set -> age.set(set, List.of()));
        values.floors().values().forEach(age::floors);
        return age.found();
    }

    private List<PolicyIssue> found() {
        return found.stream()
                .distinct()
                .sorted(Comparator.comparing(PolicyIssue::file)
                        .thenComparingInt(PolicyIssue::line)
                        .thenComparingInt(PolicyIssue::column))
                .toList();
    }

    /** Of a set that no rule reads nothing depends: a values file may hold more than this policy wants. */
    private void set(AppraisalPolicy policy, ReferenceSet set) {
        List<String> rules = policy.compiled().stream()
                .filter(rule -> rule.sets().contains(set.name()))
                .map(rule -> "\"" + rule.rule().name() + "\"")
                .toList();
        boolean read = !rules.isEmpty()
                || policy.compiledAdvisories().stream()
                        .anyMatch(advisory -> advisory.condition().sets().contains(set.name()));
        if (read) {
            set(set, rules);
        }
    }

    private void set(ReferenceSet set, List<String> rules) {
        String what = "the reference values \"" + set.name() + "\"";
        if (set.expires().filter(end -> !at.isBefore(end)).isPresent()) {
            ends(set.place(), what, set.expires(), whatFollows(rules));
            return;
        }
        ends(set.place(), what, set.expires(), "");
        boolean live = set.liveAt(at);
        set.entries()
                .forEach(value -> ends(
                        value.place(),
                        "the value " + shortened(value.text()) + " of " + what,
                        value.expires(),
                        live ? "" : whatFollows(rules)));
    }

    private static String whatFollows(List<String> rules) {
        return rules.isEmpty()
                ? ""
                : "; rules that read them are undetermined: " + rules.stream().collect(Collectors.joining(", "));
    }

    private void ends(SourcePlace place, String what, Optional<Instant> expires, String consequence) {
        if (expires.isEmpty()) {
            return;
        }
        Instant end = expires.get();
        boolean plural = what.startsWith("the reference");
        if (!at.isBefore(end)) {
            warn(
                    place,
                    "%s expired %s ago, at %s%s".formatted(what, span(end, at), end, consequence),
                    plural ? "renew them, or remove the set and the rules that read it" : "renew it, or remove it");
        } else if (Duration.between(at, end).compareTo(SOON) <= 0) {
            warn(
                    place,
                    "%s %s in %s, at %s".formatted(what, plural ? "expire" : "expires", span(at, end), end),
                    "renew in time: rules that read nothing but expired values are undetermined");
        }
    }

    private void floors(FloorTable table) {
        Instant reviewed = table.reviewed().atStartOfDay(ZoneOffset.UTC).toInstant();
        if (Duration.between(reviewed, at).compareTo(REVIEW) > 0) {
            warn(
                    table.place(),
                    "the floors \"%s\" were reviewed %s ago, on %s"
                            .formatted(table.name(), span(reviewed, at), table.reviewed()),
                    "compare them with " + table.bulletin() + " as it is now, and state the new date");
        }
    }

    private void warn(SourcePlace place, String message, String suggestion) {
        found.add(place.issue(Severity.WARNING, message, suggestion));
    }

    private static String span(Instant from, Instant to) {
        Duration span = Duration.between(from, to);
        return span.toDays() > 0 ? count(span.toDays(), "day") : count(span.toHours(), "hour");
    }

    private static String count(long number, String unit) {
        return number == 1 ? "1 " + unit : number + " " + unit + "s";
    }

    private static String shortened(String value) {
        return value.length() > 16 ? value.substring(0, 12) + "…" : value;
    }
}
