package io.countersign.trial;

import io.countersign.verifier.Verifier;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyTest;
import io.countersign.verifier.policy.PolicyTrial;
import io.countersign.verifier.policy.PolicyTrial.TrialVerdict;
import io.countersign.verifier.result.Appraisal;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.trust.Endorsements;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Compares a verdict that was given with what another policy would have said about the very same. */
public final class ShadowTrial {
    private static final Verifier VERIFIER = new Verifier();

    private ShadowTrial() {}

    /**
     * What would be different.
     *
     * @param rules the other policy's rules and the word of the worst outcome of each
     */
    public record Comparison(Yardstick.Change change, Map<String, String> rules) {
        public Comparison {
            rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
        }
    }

    /** Judges by {@code shadow} what was judged by {@code policy} with that result. */
    public static Comparison compare(
            AppraisalPolicy policy,
            AttestationResult result,
            CompositeEvidence evidence,
            Endorsements inHand,
            AppraisalPolicy shadow) {
        Instant at = result.evaluatedAt();
        // Where both tolerate the same, what was authenticated for the answer serves here too.
        Map<String, Authentication> byLabel = Authenticating.tolerateTheSame(policy, shadow)
                ? result.submodules().stream().collect(Collectors.toMap(Appraisal::label, Appraisal::authentication))
                : VERIFIER.authenticate(evidence, inHand, shadow.tolerances(), result.binding(), at);
        TrialVerdict would = PolicyTrial.judge(shadow, evidence, byLabel, result.binding(), at);
        var token = result.favourable() ? PolicyTest.TokenExpectation.ALLOWED : PolicyTest.TokenExpectation.REFUSED;
        Yardstick yardstick = Yardstick.between(policy, shadow, at);
        var rules = new LinkedHashMap<String, String>();
        RuleWords.worst(would.rules())
                .forEach((name, rule) -> rules.put(name, rule.outcome().word()));
        return new Comparison(
                Yardstick.Change.between(
                        yardstick.admission(policy, result.status(), token),
                        yardstick.admission(shadow, would.status(), would.token())),
                rules);
    }
}
