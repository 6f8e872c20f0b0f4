package io.countersign.verifier.policy;

import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.scheme.CompositeEvidence;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Judges authenticated evidence by a policy. Decides nothing about authenticity, and cannot be given claims without it. */
public final class Appraiser {
    private Appraiser() {}

    /**
     * The explained result.
     *
     * @param byLabel how authenticating each submodule ended
     * @param at the instant at which reference values must be live
     */
    public static AttestationResult appraise(
            AppraisalPolicy policy,
            CompositeEvidence evidence,
            Map<String, Authentication> byLabel,
            Binding binding,
            Instant at) {
        // The only place that makes a result: of what was authenticated, never of what a test of a policy supposes.
        Judgement judgement = Judgement.ofEvidence(policy, evidence, byLabel, binding, at);
        return new AttestationResult(
                at,
                policy.identity(),
                judgement.workload(),
                judgement.verdict().mintable(),
                judgement.verdict().compositeChecks(),
                judgement.verdict().submodules(),
                judgement.verdict().rules(),
                judgement.advisories(),
                binding,
                evidence.digest(),
                referencesUntil(policy, evidence, at));
    }

    /** The earliest expiry of the reference values that the rules for this evidence read. */
    private static Optional<Instant> referencesUntil(AppraisalPolicy policy, CompositeEvidence evidence, Instant at) {
        return policy.compiled().stream()
                .filter(rule -> evidence.submodules().stream().anyMatch(submodule -> rule.rule()
                        .scope()
                        .types()
                        .contains(submodule.scheme().id())))
                .flatMap(rule -> rule.sets().stream())
                .map(name -> policy.references().get(name))
                .flatMap(set -> set == null ? Stream.empty() : set.supportsUntil(at).stream())
                .min(Instant::compareTo);
    }
}
