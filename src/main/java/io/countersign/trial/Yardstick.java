package io.countersign.trial;

import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyTest;
import io.countersign.verifier.result.AttestationResult.Workload;
import io.countersign.verifier.result.TrustTier;
import java.time.Instant;

/** By what two policies are compared: what "admitted" means. */
public enum Yardstick {
    /** A token could be made. */
    TOKEN("a token could be made"),
    /** Neither lets tokens be made, or one is a shadow: the status is one at which the policy would. */
    STATUS("the status is affirming, or a warning where the policy takes that");

    private final String words;

    Yardstick(String words) {
        this.words = words;
    }

    /** For people: "admitted" means that … */
    public String words() {
        return words;
    }

    /** What both can be measured by: tokens, if either lets them be made at that instant and neither is a shadow. */
    public static Yardstick between(AppraisalPolicy before, AppraisalPolicy after, Instant at) {
        if (before.shadowOf().isPresent() || after.shadowOf().isPresent()) {
            return STATUS;
        }
        return mayMint(before, at) || mayMint(after, at) ? TOKEN : STATUS;
    }

    private static boolean mayMint(AppraisalPolicy policy, Instant at) {
        return !(policy.workload(at) instanceof Workload.NotPinned);
    }

    /** Whether the verdict admits, by this yardstick. */
    Admission admission(AppraisalPolicy policy, TrustTier status, PolicyTest.TokenExpectation token) {
        boolean admitted =
                switch (this) {
                    case TOKEN -> token == PolicyTest.TokenExpectation.ALLOWED;
                    case STATUS ->
                        status == TrustTier.AFFIRMING
                                || status == TrustTier.WARNING
                                        && policy.mintable().contains(TrustTier.WARNING);
                };
        return admitted ? Admission.ADMITTED : Admission.REFUSED;
    }

    /** How a case fares under one policy. */
    public enum Admission {
        ADMITTED,
        REFUSED
    }

    /** How a case fares under one policy and under another. */
    public enum Change {
        SAME("same"),
        NEWLY_ADMITTED("newly-admitted"),
        NEWLY_REFUSED("newly-refused");

        private final String word;

        Change(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }

        public static Change between(Admission before, Admission after) {
            if (before == after) {
                return SAME;
            }
            return after == Admission.ADMITTED ? NEWLY_ADMITTED : NEWLY_REFUSED;
        }
    }
}
