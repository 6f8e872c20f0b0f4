package io.countersign.verifier.policy;

import io.countersign.verifier.check.Check;
import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.result.Appraisal;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.result.AttestationResult.Workload;
import io.countersign.verifier.result.RuleResult;
import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.result.TrustworthinessClaim;
import io.countersign.verifier.result.TrustworthinessVector;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.scheme.DeviceClass;
import io.countersign.verifier.scheme.Submodule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Judges authenticated evidence by a policy. Decides nothing about authenticity, and cannot be given claims without it. */
public final class Appraiser {
    /** AR4SI: "the verifier could not validate the evidence's signature or other cryptography". */
    private static final int CRYPTO_VALIDATION_FAILED = 99;

    /** AR4SI for hardware: genuine. */
    private static final int GENUINE_HARDWARE = 2;

    /** AR4SI for hardware: recognised, but not to be trusted here. */
    private static final int CONTRAINDICATED_HARDWARE = 96;

    private static final int NONE = 0;

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
        var rules = new ArrayList<>(RequestRules.judge(policy, evidence, binding));
        var submodules = new ArrayList<Appraisal>();
        for (Submodule submodule : evidence.submodules()) {
            Authentication authentication = Optional.ofNullable(byLabel.get(submodule.label()))
                    .orElseThrow(() -> new IllegalStateException(submodule.label() + " was not authenticated"));
            submodules.add(appraise(policy, submodule, authentication, at, rules));
        }
        Workload workload = policy.workloadOf(RequestRules.cpuTypes(evidence), at);
        RequestRules.pinned(policy, evidence, at).ifPresent(rules::add);
        return new AttestationResult(
                at,
                policy.identity(),
                workload,
                workload instanceof Workload.NotPinned ? Set.of() : policy.mintable(),
                CompositeJudgement.of(policy, evidence, byLabel, binding),
                submodules,
                rules,
                binding,
                evidence.digest(),
                referencesUntil(policy, evidence));
    }

    private static Appraisal appraise(
            AppraisalPolicy policy,
            Submodule submodule,
            Authentication authentication,
            Instant at,
            List<RuleResult> results) {
        String type = submodule.scheme().id();
        var vector = new EnumMap<TrustworthinessClaim, Integer>(TrustworthinessClaim.class);
        vector.put(TrustworthinessClaim.HARDWARE, startingHardware(authentication));
        if (submodule.scheme().deviceClass() == DeviceClass.CPU) {
            RuleResult expected = RequestRules.typeExpected(policy, submodule);
            results.add(expected);
            if (!expected.outcome().admits()) {
                worsen(vector, TrustworthinessClaim.HARDWARE, CONTRAINDICATED_HARDWARE);
            }
        }
        worsenByChecks(vector, authentication);
        for (CompiledRule rule : policy.compiled()) {
            if (rule.rule().scope().types().contains(type)) {
                Outcome outcome = outcome(rule, policy, authentication, at);
                results.add(new RuleResult(rule.rule().name(), submodule.label(), outcome));
                worsen(vector, rule.rule().sets(), value(rule.rule(), outcome, authentication));
            }
        }
        if (authentication instanceof Authentication.Rejected) {
            // Whatever else the evidence says is worth nothing.
            vector.clear();
            vector.put(TrustworthinessClaim.HARDWARE, CRYPTO_VALIDATION_FAILED);
            vector.put(TrustworthinessClaim.CONFIGURATION, CRYPTO_VALIDATION_FAILED);
            vector.put(TrustworthinessClaim.EXECUTABLES, CRYPTO_VALIDATION_FAILED);
        }
        return new Appraisal(submodule.label(), type, authentication, new TrustworthinessVector(vector));
    }

    /**
     * What appraisal checks speak against, whether or not the policy has a rule about it: a failure contraindicates, and
     * where nothing was compared nothing is affirmed.
     */
    private static void worsenByChecks(Map<TrustworthinessClaim, Integer> vector, Authentication authentication) {
        for (Check check : authentication.report().checks()) {
            if (check.outcome().admits() || check.isLeftOut()) {
                continue;
            }
            int value = check.outcome() instanceof Outcome.Failed ? TrustTier.CONTRAINDICATED.number() : NONE;
            check.id()
                    .concern()
                    .map(concern -> switch (concern) {
                        case HARDWARE -> TrustworthinessClaim.HARDWARE;
                        case EXECUTABLES -> TrustworthinessClaim.EXECUTABLES;
                    })
                    .ifPresent(claim -> worsen(vector, claim, value));
        }
    }

    private static Outcome outcome(
            CompiledRule rule, AppraisalPolicy policy, Authentication authentication, Instant at) {
        Optional<Claims> claims = authentication.claims();
        return claims.isPresent()
                ? rule.evaluate(claims.get(), policy.values(), at, causeOfAbsence(authentication))
                : new Outcome.NotReached(firstFailure(authentication));
    }

    private static int startingHardware(Authentication authentication) {
        return switch (authentication) {
            case Authentication.Genuine _ -> GENUINE_HARDWARE;
            case Authentication.Unsettled _ -> NONE;
            case Authentication.Rejected _ -> CRYPTO_VALIDATION_FAILED;
        };
    }

    private static int value(Rule rule, Outcome outcome, Authentication authentication) {
        return switch (outcome) {
            // Claims that nobody could authenticate affirm nothing, also for who reads the vector alone.
            case Outcome.Passed _, Outcome.Waived _ ->
                authentication instanceof Authentication.Genuine ? rule.affirms() : NONE;
            case Outcome.Failed _ -> rule.otherwise().number();
            case Outcome.Undetermined _, Outcome.NotReached _ -> NONE;
        };
    }

    /** The worst value wins: by tier, and within a tier the one further from zero. */
    private static void worsen(Map<TrustworthinessClaim, Integer> vector, TrustworthinessClaim claim, int value) {
        vector.merge(claim, value, (a, b) -> {
            int byTier = TrustTier.ofValue(a).compareTo(TrustTier.ofValue(b));
            if (byTier != 0) {
                return byTier > 0 ? a : b;
            }
            return Math.abs(a) >= Math.abs(b) ? a : b;
        });
    }

    /**
     * Why a claim is absent. Some rest on an endorsement: where one could not be fetched just now, asking again later may
     * bring the claim too.
     */
    private static Outcome.Cause causeOfAbsence(Authentication authentication) {
        var causes = authentication.report().checks().stream()
                .map(Check::outcome)
                .filter(Outcome.Undetermined.class::isInstance)
                .map(open -> ((Outcome.Undetermined) open).cause())
                .toList();
        if (causes.contains(Outcome.Cause.NOT_FETCHED)) {
            return Outcome.Cause.NOT_FETCHED;
        }
        return causes.contains(Outcome.Cause.NOT_IN_HAND) ? Outcome.Cause.NOT_IN_HAND : Outcome.Cause.NOT_ASKED;
    }

    private static CheckId firstFailure(Authentication authentication) {
        return authentication.report().checks().stream()
                .filter(check ->
                        check.id().kind() == CheckId.Kind.AUTHENTICITY && check.outcome() instanceof Outcome.Failed)
                .map(Check::id)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("rejected without a failed check"));
    }

    /** The earliest expiry of the reference values that the rules for this evidence read. */
    private static Optional<Instant> referencesUntil(AppraisalPolicy policy, CompositeEvidence evidence) {
        return policy.compiled().stream()
                .filter(rule -> evidence.submodules().stream().anyMatch(submodule -> rule.rule()
                        .scope()
                        .types()
                        .contains(submodule.scheme().id())))
                .flatMap(rule -> rule.sets().stream())
                .map(name -> policy.references().get(name))
                .flatMap(set -> set == null ? java.util.stream.Stream.empty() : set.expires().stream())
                .min(Instant::compareTo);
    }
}
