package io.countersign.verifier.policy;

import io.countersign.verifier.check.Check;
import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.result.AdvisoryResult;
import io.countersign.verifier.result.Appraisal;
import io.countersign.verifier.result.AttestationResult.Workload;
import io.countersign.verifier.result.RuleResult;
import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.result.TrustworthinessClaim;
import io.countersign.verifier.result.TrustworthinessVector;
import io.countersign.verifier.result.Verdict;
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

/**
 * Everything that a policy has to say about one request: of evidence, or of what a test of the policy supposes. Only the
 * first becomes a result, in {@link Appraiser}.
 */
record Judgement(Verdict verdict, Workload workload, List<AdvisoryResult> advisories) {
    Judgement {
        advisories = List.copyOf(advisories);
    }

    /** AR4SI: "the verifier could not validate the evidence's signature or other cryptography". */
    private static final int CRYPTO_VALIDATION_FAILED = 99;

    /** AR4SI for hardware: genuine. */
    private static final int GENUINE_HARDWARE = 2;

    /** AR4SI for hardware: recognised, but not to be trusted here. */
    private static final int CONTRAINDICATED_HARDWARE = 96;

    private static final int NONE = 0;

    /** Of the claims that were authenticated. */
    static Judgement ofEvidence(
            AppraisalPolicy policy,
            CompositeEvidence evidence,
            Map<String, Authentication> byLabel,
            Binding binding,
            Instant at) {
        return of(policy, evidence, byLabel, Map.of(), binding, at);
    }

    /**
     * Of other claims, as if they had been authenticated like those of the evidence. Checks stay what they are.
     *
     * @param supposed the claims of some submodules, by label
     */
    static Judgement ofSupposition(
            AppraisalPolicy policy,
            CompositeEvidence evidence,
            Map<String, Authentication> byLabel,
            Map<String, Claims> supposed,
            Binding binding,
            Instant at) {
        return of(policy, evidence, byLabel, supposed, binding, at);
    }

    private static Judgement of(
            AppraisalPolicy policy,
            CompositeEvidence evidence,
            Map<String, Authentication> byLabel,
            Map<String, Claims> supposed,
            Binding binding,
            Instant at) {
        var rules = new ArrayList<>(RequestRules.judge(policy, evidence, binding));
        var advisories = new ArrayList<AdvisoryResult>();
        var submodules = new ArrayList<Appraisal>();
        for (Submodule submodule : evidence.submodules()) {
            Authentication authentication = Optional.ofNullable(byLabel.get(submodule.label()))
                    .orElseThrow(() -> new IllegalStateException(submodule.label() + " was not authenticated"));
            // What was rejected has no claims, and nobody can suppose any.
            Optional<Claims> claims = authentication.claims().map(found -> Optional.ofNullable(
                            supposed.get(submodule.label()))
                    .orElse(found));
            submodules.add(appraise(policy, submodule, authentication, claims, at, rules));
            claims.ifPresent(found -> advise(policy, submodule, found, at, advisories));
        }
        Workload workload = policy.workloadOf(RequestRules.cpuTypes(evidence), at);
        RequestRules.pinned(policy, evidence, at).ifPresent(rules::add);
        return new Judgement(
                new Verdict(
                        CompositeJudgement.of(policy, evidence, byLabel, binding),
                        submodules,
                        rules,
                        workload instanceof Workload.NotPinned ? Set.of() : policy.mintable()),
                workload,
                advisories);
    }

    /** Shown unless its condition is false: what nobody can tell is worth knowing too. */
    private static void advise(
            AppraisalPolicy policy, Submodule submodule, Claims claims, Instant at, List<AdvisoryResult> shown) {
        for (CompiledAdvisory compiled : policy.compiledAdvisories()) {
            Advisory advisory = compiled.advisory();
            if (advisory.scope().types().contains(submodule.scheme().id())
                    && compiled.condition().truth(claims, policy.values(), at) != Truth.NOT_MET) {
                shown.add(new AdvisoryResult(
                        advisory.name(), submodule.label(), advisory.because(), advisory.hint(), advisory.origin()));
            }
        }
    }

    private static Appraisal appraise(
            AppraisalPolicy policy,
            Submodule submodule,
            Authentication authentication,
            Optional<Claims> claims,
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
        var absence = Absence.of(authentication.report());
        for (CompiledRule rule : policy.compiled()) {
            if (rule.rule().scope().types().contains(type)) {
                RuleResult result = claims.map(
                                found -> rule.evaluate(submodule.label(), found, policy.values(), at, absence))
                        .orElseGet(() -> rule.notReached(submodule.label(), firstFailure(authentication)));
                results.add(result);
                worsen(vector, rule.rule().sets(), value(rule.rule(), result.outcome(), authentication));
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

    private static CheckId firstFailure(Authentication authentication) {
        return authentication.report().checks().stream()
                .filter(check ->
                        check.id().kind() == CheckId.Kind.AUTHENTICITY && check.outcome() instanceof Outcome.Failed)
                .map(Check::id)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("rejected without a failed check"));
    }
}
