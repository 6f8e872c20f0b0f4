package io.countersign.service.api;

import io.countersign.service.api.request.AppraisalRequest;
import io.countersign.service.api.result.ResultDocument;
import io.countersign.service.appraisal.AppraisalService;
import io.countersign.service.appraisal.AttestationService.TokenTerms;
import io.countersign.service.appraisal.Bystanders;
import io.countersign.service.appraisal.Drafts;
import io.countersign.service.appraisal.Parsing;
import io.countersign.service.appraisal.PolicyChoice;
import io.countersign.service.collateral.ClientId;
import io.countersign.service.collateral.GatheringOverloadedException;
import io.countersign.service.collateral.Occasion;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.scheme.RefusedEvidenceException;
import java.time.Instant;
import java.util.Map;

/** Explains one request: the result as a document, and never a token. */
public final class AppraisalAnswers {
    private final AppraisalService service;
    private final PolicyChoice choice;
    private final Drafts drafts;
    private final TokenTerms terms;
    private final Bystanders bystanders;

    public AppraisalAnswers(
            AppraisalService service, PolicyChoice choice, Drafts drafts, TokenTerms terms, Bystanders bystanders) {
        this.service = service;
        this.choice = choice;
        this.drafts = drafts;
        this.terms = terms;
        this.bystanders = bystanders;
    }

    /**
     * The explained result.
     *
     * @param now when the request does not say as of when
     */
    Map<String, Object> answer(AppraisalRequest request, Instant now, ClientId client)
            throws RefusedEvidenceException, GatheringOverloadedException {
        boolean draft = request.policySource().isPresent();
        AppraisalPolicy policy = draft ? drafts.compile(request.policySource().get()) : choice.forAppraisal(request);
        CompositeEvidence evidence = Parsing.parse(request.evidence());
        AppraisalService.Appraised appraised = service.appraise(
                evidence,
                request.endorsements(),
                policy,
                request.binding(),
                request.at().orElse(now),
                request.at().isPresent() ? Occasion.AS_OF : Occasion.NOW,
                client);
        bystanders.appraised(request, evidence, policy, appraised);
        return ResultDocument.of(
                appraised.result(), draft ? ResultDocument.Mark.SET : ResultDocument.Mark.NOT_SET, terms.insecure());
    }
}
