package io.countersign.verifier.policy;

import io.countersign.verifier.check.Check;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.result.AdvisoryResult;
import io.countersign.verifier.result.RuleResult;
import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.result.Verdict;
import io.countersign.verifier.scheme.CompositeEvidence;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Judges a case as a policy would, for trying the policy: nothing that comes out can become a token. */
public final class PolicyTrial {
    private PolicyTrial() {}

    /**
     * What the policy would say.
     *
     * @param token whether a token could be made
     * @param openChecks the checks that speak against a token: failed, undetermined or not reached
     */
    public record TrialVerdict(
            TrustTier status,
            PolicyTest.TokenExpectation token,
            List<RuleResult> rules,
            List<OpenCheck> openChecks,
            List<AdvisoryResult> advisories) {
        public TrialVerdict {
            rules = List.copyOf(rules);
            openChecks = List.copyOf(openChecks);
            advisories = List.copyOf(advisories);
        }
    }

    /**
     * A check that did not pass.
     *
     * @param submodule the label that it is about, or the empty text for one over the whole request
     */
    public record OpenCheck(String submodule, Check check) {}

    /**
     * Claims that a test sets or takes away, by label and path: {@code cpu0.snp.vmpl}.
     *
     * @param with values as {@link io.countersign.verifier.claim.Claims#find} would give them
     */
    public record Overrides(Map<String, Object> with, List<String> without) {
        public Overrides {
            with = Collections.unmodifiableMap(new LinkedHashMap<>(with));
            without = List.copyOf(without);
        }

        public static Overrides none() {
            return new Overrides(Map.of(), List.of());
        }
    }

    /** Judges these authentications under the policy. */
    public static TrialVerdict judge(
            AppraisalPolicy policy,
            CompositeEvidence evidence,
            Map<String, Authentication> byLabel,
            Binding binding,
            Instant at) {
        return verdict(Judgement.ofEvidence(policy, evidence, byLabel, binding, at));
    }

    /**
     * Judges these authentications under the policy, with some claims as the test wants them. Rules, pinning and advisories
     * go by these claims; checks, also those between devices, stay what the evidence made them.
     *
     * @throws TrialException when an override names a submodule that the case lacks, one that was rejected, a claim that
     *     there is not, or a value that the claim cannot have
     */
    public static TrialVerdict judge(
            AppraisalPolicy policy,
            CompositeEvidence evidence,
            Map<String, Authentication> byLabel,
            Binding binding,
            Instant at,
            Overrides overrides)
            throws TrialException {
        Map<String, Claims> supposed = SupposedClaims.of(evidence, byLabel, overrides);
        return verdict(Judgement.ofSupposition(policy, evidence, byLabel, supposed, binding, at));
    }

    private static TrialVerdict verdict(Judgement judgement) {
        Verdict verdict = judgement.verdict();
        return new TrialVerdict(
                verdict.status(),
                verdict.favourable() ? PolicyTest.TokenExpectation.ALLOWED : PolicyTest.TokenExpectation.REFUSED,
                verdict.rules(),
                openChecks(verdict),
                judgement.advisories());
    }

    private static List<OpenCheck> openChecks(Verdict verdict) {
        return Stream.concat(
                        verdict.compositeChecks().checks().stream().map(check -> new OpenCheck("", check)),
                        verdict.submodules().stream()
                                .flatMap(submodule -> submodule.authentication().report().checks().stream()
                                        .map(check -> new OpenCheck(submodule.label(), check))))
                .filter(open ->
                        !open.check().outcome().admits() && !open.check().isLeftOut())
                .toList();
    }
}
