package io.countersign.verifier.result;

import io.countersign.verifier.check.Check;
import io.countersign.verifier.check.CheckReport;
import io.countersign.verifier.check.Outcome;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What checks, rules and devices add up to. Everything that it says is computed; nobody can pass a status in.
 *
 * @param mintable the statuses at which the policy lets a token be made
 */
public record Verdict(
        CheckReport compositeChecks, List<Appraisal> submodules, List<RuleResult> rules, Set<TrustTier> mintable) {
    public Verdict {
        submodules = List.copyOf(submodules);
        rules = List.copyOf(rules);
        mintable = Set.copyOf(mintable);
    }

    /** The worst over the devices and over what holds between them. */
    public TrustTier status() {
        return TrustTier.worst(Stream.concat(
                        submodules.stream().map(Appraisal::status),
                        Stream.concat(
                                compositeChecks.checks().stream().map(check -> tierOf(check.outcome())),
                                rules.stream()
                                        .filter(rule -> rule.submodule().isEmpty())
                                        .map(rule -> tierOf(rule.outcome()))))
                .toList());
    }

    private static TrustTier tierOf(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Passed _, Outcome.Waived _ -> TrustTier.AFFIRMING;
            case Outcome.Failed _ -> TrustTier.CONTRAINDICATED;
            case Outcome.Undetermined _, Outcome.NotReached _ -> TrustTier.NONE;
        };
    }

    /** A token may be made: the policy's bar is met, every rule is met, and every check admits. */
    public boolean favourable() {
        return mintable.contains(status()) && refusals().findAny().isEmpty();
    }

    /**
     * Every reason for refusing is an endorsement that could not be fetched just now, or a check blocked by one: asking
     * again later can help, and nothing else stands in the way.
     */
    public boolean retryCanHelp() {
        var refusals = refusals().toList();
        boolean onlyFetches = refusals.stream()
                .allMatch(outcome -> outcome instanceof Outcome.NotReached
                        || outcome instanceof Outcome.Undetermined open && open.cause() == Outcome.Cause.NOT_FETCHED);
        return onlyFetches && refusals.stream().anyMatch(Outcome.Undetermined.class::isInstance);
    }

    /** Everything that speaks against a token. */
    private Stream<Outcome> refusals() {
        return Stream.concat(
                        Stream.concat(
                                        compositeChecks.checks().stream(),
                                        submodules.stream()
                                                .flatMap(submodule ->
                                                        submodule.authentication().report().checks().stream()))
                                .filter(check -> !check.isLeftOut())
                                .map(Check::outcome),
                        rules.stream().map(RuleResult::outcome))
                .filter(outcome -> !outcome.admits());
    }
}
