package io.countersign.service.appraisal;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.api.request.AppraisalRequest;
import io.countersign.service.audience.Audiences;
import io.countersign.service.policies.PolicyLibrary;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.result.AttestationResult;
import java.time.Instant;

/** Which policy judges a request. */
public final class PolicyChoice {
    private final PolicyLibrary library;
    private final Audiences audiences;
    private final String defaultPolicy;

    public PolicyChoice(PolicyLibrary library, Audiences audiences, String defaultPolicy) {
        this.library = library;
        this.audiences = audiences;
        this.defaultPolicy = defaultPolicy;
    }

    /** The registered audience that a request names. */
    public Audiences.Audience audience(AppraisalRequest request) {
        String uri = request.audience().orElseThrow();
        return audiences
                .find(uri)
                .orElseThrow(() -> new CountersignException(
                        ProblemCode.AUDIENCE_UNKNOWN,
                        "No audience with the uri \"%s\" is registered.".formatted(uri),
                        "Register it with countersign.audiences.<name>.uri and countersign.audiences.<name>.policies,"
                                + " naming policies that pin the workload."));
    }

    /** For attestations: one of the audience's, which must be able to mint at this instant. */
    public AppraisalPolicy forAudience(Audiences.Audience audience, AppraisalRequest request, Instant now) {
        String id = request.policy().orElse(audience.defaultPolicy());
        if (!audience.policies().contains(id)) {
            throw library.find(id).isPresent()
                    ? new CountersignException(
                            ProblemCode.POLICY_NOT_ALLOWED,
                            "The audience may not ask for the policy \"%s\".".formatted(id),
                            "Ask for one of " + String.join(", ", audience.policies()) + ".")
                    : unknown(id);
        }
        AppraisalPolicy policy = loaded(id, request);
        policy.shadowOf().ifPresent(other -> {
            throw new CountersignException(
                    ProblemCode.POLICY_NOT_ALLOWED,
                    "The policy \"%s\" is a shadow of \"%s\": it only counts what it would say, and no token is made under it."
                            .formatted(id, other),
                    "Ask for \"%s\", or remove shadow-of from the policy once it is to count.".formatted(other));
        });
        if (policy.workload(now) instanceof AttestationResult.Workload.NotPinned) {
            throw new CountersignException(
                    ProblemCode.POLICY_NOT_ALLOWED,
                    "The policy \"%s\" pins no workload, so no token is made under it.".formatted(id),
                    "Extend it with a rule over the launch measurement or the ID key and live reference values, or"
                            + " say any-workload: allow-because \"…\".");
        }
        return policy;
    }

    /** For appraisals: any that is loaded. */
    public AppraisalPolicy forAppraisal(AppraisalRequest request) {
        return loaded(request.policy().orElse(defaultPolicy), request);
    }

    private AppraisalPolicy loaded(String id, AppraisalRequest request) {
        AppraisalPolicy policy = library.find(id).orElseThrow(() -> unknown(id));
        request.policyDigest()
                .filter(digest -> !digest.equals(policy.identity().digestText()))
                .ifPresent(digest -> {
                    throw new CountersignException(
                            ProblemCode.POLICY_DIGEST_DIFFERS,
                            "The policy \"%s\" is loaded with the digest %s, not %s."
                                    .formatted(id, policy.identity().digestText(), digest),
                            "GET /v1/policies/%s shows the text that is loaded.".formatted(id));
                });
        return policy;
    }

    private static CountersignException unknown(String id) {
        return new CountersignException(
                ProblemCode.POLICY_UNKNOWN,
                "No policy \"%s\" is loaded.".formatted(id),
                "GET /v1/policies lists what is loaded, and what was refused and why.");
    }
}
