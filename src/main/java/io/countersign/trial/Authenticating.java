package io.countersign.trial;

import io.countersign.cases.Case;
import io.countersign.verifier.Verifier;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyTrial;
import io.countersign.verifier.trust.Tolerances;
import java.time.Instant;
import java.util.Map;

/** Authenticates a case with what was in hand, and judges it; nothing is fetched. */
final class Authenticating {
    private static final Verifier VERIFIER = new Verifier();

    private Authenticating() {}

    static Map<String, Authentication> of(Case judged, Tolerances tolerances, Instant at) {
        return VERIFIER.authenticate(judged.evidence(), judged.inHand(), tolerances, judged.binding(), at);
    }

    static PolicyTrial.TrialVerdict verdict(AppraisalPolicy policy, Case judged, Map<String, Authentication> byLabel) {
        return PolicyTrial.judge(policy, judged.evidence(), byLabel, judged.binding(), judged.at());
    }

    /** Whether both tolerate the same, whoever says so. */
    static boolean tolerateTheSame(AppraisalPolicy one, AppraisalPolicy other) {
        return withoutName(one.tolerances()).equals(withoutName(other.tolerances()));
    }

    private static Tolerances withoutName(Tolerances tolerances) {
        return new Tolerances(
                "",
                tolerances.staleCrl(),
                tolerances.waivers(),
                tolerances.tcbStatuses(),
                tolerances.ocspMaxAge(),
                tolerances.certificateHold());
    }
}
