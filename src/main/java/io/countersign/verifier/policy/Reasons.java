package io.countersign.verifier.policy;

import io.countersign.verifier.check.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Says why a rule is not met or cannot be known, in the words of those of its operands that made it so. */
final class Reasons {
    private static final int MAX_SENTENCE = 1000;

    private final Rule rule;
    private final RuleView view;

    Reasons(Rule rule, RuleView view) {
        this.rule = rule;
        this.view = view;
    }

    Outcome.Failed failed(Wanted wanted) {
        var claims = new LinkedHashSet<String>();
        wanted.operands().forEach(operand -> claims.addAll(operand.claims()));
        String actual = Shown.listed(List.copyOf(claims), ", ", this::found);
        return new Outcome.Failed(
                Shown.cut(wanted.expected(view), MAX_SENTENCE),
                actual.isEmpty() ? "the rule reads no claim" : actual,
                hint());
    }

    private String found(String claim) {
        return view.shown(claim).map(value -> claim + " = " + Shown.text(value)).orElse(claim + " is absent");
    }

    private String hint() {
        return rule.hint().isEmpty()
                ? "The rule gives no hint: ask who looks after the policy \"" + rule.origin() + "\"."
                : rule.hint();
    }

    /** One thing that is missing, and why. */
    private record Gap(String what, Outcome.Cause cause, String hint) {}

    /**
     * What is missing. Asking again later can help only if it can help with all of it.
     *
     * @param otherwise what to say where nothing is missing and there is no answer nevertheless
     */
    Outcome.Undetermined open(Collection<Operand> operands, Absence absence, String otherwise) {
        var gaps = new ArrayList<Gap>();
        var absent = new LinkedHashSet<String>();
        var sets = new LinkedHashSet<String>();
        var floors = new LinkedHashSet<String>();
        operands.forEach(operand -> {
            operand.claims().stream().filter(name -> view.shown(name).isEmpty()).forEach(absent::add);
            sets.addAll(operand.sets());
            operand.floors().stream().filter(name -> view.shown(name).isEmpty()).forEach(floors::add);
        });
        sets.forEach(set -> expired(set, operands).ifPresent(gaps::add));
        var unknown = new LinkedHashSet<String>();
        floors.forEach(floor -> Operand.table(floor, view)
                .ifPresentOrElse(
                        table -> {
                            Set<String> wanted = wanted(table);
                            if (wanted.stream()
                                    .allMatch(name -> view.shown(name).isPresent())) {
                                unknown.add(table.name());
                            }
                            wanted.stream()
                                    .filter(name -> view.shown(name).isEmpty())
                                    .forEach(absent::add);
                        },
                        () -> gaps.add(new Gap("the floor " + floor, Outcome.Cause.NOT_IN_HAND, hint()))));
        unknown.forEach(name -> gaps.add(
                noFloor(Optional.ofNullable(view.values().floors().get(name)).orElseThrow())));
        if (!absent.isEmpty()) {
            gaps.add(new Gap(
                    (absent.size() == 1 ? "the claim " : "the claims ")
                            + Shown.listed(List.copyOf(absent), ", ", name -> name)
                            + absence.words(),
                    absence.cause(),
                    hint()));
        }
        if (gaps.isEmpty()) {
            return new Outcome.Undetermined(otherwise, Outcome.Cause.NOT_IN_HAND, hint());
        }
        Gap first = gaps.stream()
                .filter(gap -> gap.cause() != Outcome.Cause.NOT_FETCHED)
                .findFirst()
                .orElse(gaps.getFirst());
        return new Outcome.Undetermined(
                Shown.cut(Shown.listed(gaps, "; ", Gap::what), MAX_SENTENCE), first.cause(), first.hint());
    }

    private Optional<Gap> expired(String name, Collection<Operand> operands) {
        Optional<ReferenceSet> set =
                Optional.ofNullable(view.values().references().get(name));
        if (set.filter(values -> values.liveAt(view.at())).isPresent()) {
            return Optional.empty();
        }
        String since = set.flatMap(values -> values.endedAt(view.at()))
                .map(end -> ", which expired at " + end)
                .orElse("");
        // Whoever is refused for an old list wants to know whether a new date is all that is needed.
        String listed = set.map(values -> operands.stream()
                        .flatMap(operand -> operand.membership().stream())
                        .filter(membership -> membership.set().equals(name))
                        .flatMap(membership -> view
                                .shown(membership.claim())
                                .map(value -> membership.claim()
                                        + (values.values().contains(value) ? " is one of them" : " is none of them"))
                                .stream())
                        .findFirst()
                        .map(words -> since.isEmpty() ? "" : " (" + words + ")")
                        .orElse(""))
                .orElse("");
        return Optional.of(new Gap(
                "live reference values for " + CelWords.REFERENCES + name + since + listed,
                Outcome.Cause.NOT_IN_HAND,
                "Renew the reference values in the policy, or remove the set and the rules that read it."));
    }

    private Gap noFloor(FloorTable table) {
        String platform = Shown.listed(
                List.copyOf(wanted(table)),
                ", ",
                name -> lastStep(name) + " " + view.shown(name).map(Shown::text).orElse("unknown"));
        return new Gap(
                "a floor for " + (platform.isEmpty() ? "this platform" : platform) + " in " + CelWords.FLOORS
                        + table.name() + " (reviewed " + table.reviewed() + ")",
                Outcome.Cause.NOT_IN_HAND,
                "Read " + Shown.cut(table.bulletin(), Shown.MAX_TEXT)
                        + " and add this platform to the floors, or replace the rule for it.");
    }

    /** The claims that rows of the table look at, as rules write them. */
    private Set<String> wanted(FloorTable table) {
        var names = new LinkedHashSet<String>();
        table.rows().forEach(row -> row.match().keySet().forEach(path -> names.add(view.prefix() + path)));
        return names;
    }

    /** {@code family} of {@code cpu.snp.cpuid_family}: the people who read this know the machine, not our paths. */
    private static String lastStep(String name) {
        String step = name.substring(name.lastIndexOf('.') + 1);
        return step.startsWith("cpuid_") ? step.substring("cpuid_".length()) : step;
    }
}
