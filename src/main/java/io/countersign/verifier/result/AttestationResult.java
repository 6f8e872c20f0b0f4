package io.countersign.verifier.result;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Check;
import io.countersign.verifier.check.CheckReport;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Binding;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The explained result of one appraisal. Its status is computed from what it holds; nobody can pass one in.
 *
 * @param workload whether the policy pins what may run
 * @param mintable the statuses at which the policy lets a token be made
 * @param referencesUntil the earliest expiry of the reference values the verdict rests on
 */
public record AttestationResult(
        Instant evaluatedAt,
        PolicyIdentity policy,
        Workload workload,
        Set<TrustTier> mintable,
        CheckReport compositeChecks,
        List<Appraisal> submodules,
        List<RuleResult> rules,
        Binding binding,
        Bytes evidenceDigest,
        Optional<Instant> referencesUntil) {
    /** What the policy says about the workload. Only a policy that pins it, or says why not, may mint. */
    public sealed interface Workload {
        record Pinned() implements Workload {}

        record AnyBecause(String reason) implements Workload {}

        record NotPinned() implements Workload {}
    }

    public AttestationResult {
        mintable = Set.copyOf(mintable);
        submodules = List.copyOf(submodules);
        rules = List.copyOf(rules);
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

    /** The earliest end of every window and reference value the verdict rests on; empty when nothing is genuine. */
    public Optional<Instant> restsUntil() {
        return Stream.concat(
                        submodules.stream()
                                .map(Appraisal::authentication)
                                .filter(Authentication.Genuine.class::isInstance)
                                .map(genuine -> ((Authentication.Genuine) genuine).restsUntil()),
                        referencesUntil.stream())
                .min(Instant::compareTo);
    }
}
