package io.countersign.verifier.result;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.CheckReport;
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
 * @param advisories what the policy says beside its verdict; they change nothing
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
        List<AdvisoryResult> advisories,
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
        advisories = List.copyOf(advisories);
    }

    /** The worst over the devices and over what holds between them. */
    public TrustTier status() {
        return verdict().status();
    }

    /** A token may be made: the policy's bar is met, every rule is met, and every check admits. */
    public boolean favourable() {
        return verdict().favourable();
    }

    /** Nothing but endorsements that could not be fetched just now stands in the way: asking again later can help. */
    public boolean retryCanHelp() {
        return verdict().retryCanHelp();
    }

    private Verdict verdict() {
        return new Verdict(compositeChecks, submodules, rules, mintable);
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
