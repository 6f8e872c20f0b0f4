package io.countersign.verifier.policy;

import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.result.RuleResult;
import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.scheme.CompositeEvidence;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Judges a case as a policy would, for trying the policy: nothing that comes out can become a token. */
public final class PolicyTrial {
    private PolicyTrial() {}

    /**
     * What the policy would say.
     *
     * @param token whether a token could be made
     */
    public record TrialVerdict(TrustTier status, PolicyTest.TokenExpectation token, List<RuleResult> rules) {
        public TrialVerdict {
            rules = List.copyOf(rules);
        }
    }

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

    /** Judges these authentications under the policy, with some claims as the test wants them. */
    public static TrialVerdict judge(
            AppraisalPolicy policy,
            CompositeEvidence evidence,
            Map<String, Authentication> byLabel,
            Binding binding,
            Instant at,
            Overrides overrides) {
        AttestationResult result = Appraiser.appraise(policy, evidence, byLabel, binding, at);
        return new TrialVerdict(
                result.status(),
                result.favourable() ? PolicyTest.TokenExpectation.ALLOWED : PolicyTest.TokenExpectation.REFUSED,
                result.rules());
    }
}
