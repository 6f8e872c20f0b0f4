package io.countersign.service.appraisal;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.Problem;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.api.result.PolicyIssueDocument;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyParser;
import io.countersign.verifier.policy.PolicyReading;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/** Compiles policies that a request brings to try them: a few at a time, under the same limits, or not at all. */
public final class Drafts {
    private static final int AT_A_TIME = 4;

    private final PolicyParser parser;
    private final Permission permission;
    private final Semaphore places = new Semaphore(AT_A_TIME);

    /** Whether this service tries drafts. */
    public enum Permission {
        ALLOWED,
        SWITCHED_OFF
    }

    public Drafts(PolicyParser parser, Permission permission) {
        this.parser = parser;
        this.permission = permission;
    }

    public AppraisalPolicy compile(String source) {
        if (permission == Permission.SWITCHED_OFF) {
            throw new CountersignException(
                    ProblemCode.FORBIDDEN,
                    "Drafts are switched off on this service.",
                    "Name a loaded policy, or set countersign.drafts=true.");
        }
        if (!places.tryAcquire()) {
            throw new CountersignException(Problem.of(
                            ProblemCode.OVERLOADED,
                            "As many drafts are being compiled as the service takes.",
                            "Try again in a moment.")
                    .retryAfter(Duration.ofSeconds(1)));
        }
        try {
            return switch (parser.parseDraft(source)) {
                case PolicyReading.Accepted accepted -> accepted.policy();
                case PolicyReading.AcceptedValues _ ->
                    throw new CountersignException(Problem.of(
                                    ProblemCode.REQUEST_INVALID,
                                    "/policy_source: the draft holds reference values and is no policy.",
                                    "Write the policy, with its values under references.")
                            .with("pointer", "/policy_source"));
                case PolicyReading.Refused refused ->
                    throw new CountersignException(Problem.of(
                                    ProblemCode.REQUEST_INVALID,
                                    "/policy_source: the draft is not a policy; number of findings: %d."
                                            .formatted(refused.issues().size()),
                                    "Each issue says where it is and what was expected.")
                            .with("pointer", "/policy_source")
                            .with("issues", PolicyIssueDocument.of(refused.issues())));
            };
        } finally {
            places.release();
        }
    }
}
