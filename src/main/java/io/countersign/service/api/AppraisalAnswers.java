package io.countersign.service.api;

import io.countersign.service.api.request.AppraisalRequest;
import io.countersign.service.api.result.CanonicalJson;
import io.countersign.service.api.result.ResultDocument;
import io.countersign.service.api.result.ResultDocument.Mark;
import io.countersign.service.api.result.ResultDocument.Wanted;
import io.countersign.service.appraisal.AppraisalService;
import io.countersign.service.appraisal.AttestationService;
import io.countersign.service.appraisal.AttestationService.TokenTerms;
import io.countersign.service.appraisal.Bystanders;
import io.countersign.service.appraisal.Drafts;
import io.countersign.service.appraisal.Parsing;
import io.countersign.service.appraisal.PolicyChoice;
import io.countersign.service.audit.Docket;
import io.countersign.service.caller.Caller;
import io.countersign.service.collateral.ClientId;
import io.countersign.service.collateral.GatheringOverloadedException;
import io.countersign.service.collateral.Occasion;
import io.countersign.service.verbs.Verb;
import io.countersign.service.verbs.Verbs;
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
    private final Verbs verbs;

    public AppraisalAnswers(
            AppraisalService service,
            PolicyChoice choice,
            Drafts drafts,
            TokenTerms terms,
            Bystanders bystanders,
            Verbs verbs) {
        this.service = service;
        this.choice = choice;
        this.drafts = drafts;
        this.terms = terms;
        this.bystanders = bystanders;
        this.verbs = verbs;
    }

    /**
     * The explained result.
     *
     * @param now when the request does not say as of when
     */
    Map<String, Object> answer(AppraisalRequest request, Instant now, Caller caller, ClientId client)
            throws RefusedEvidenceException, GatheringOverloadedException {
        Docket docket = Docket.current()
                .asksFor(request.audience(), request.policy())
                .nonce(request.binding().nonce());
        request.at().ifPresent(docket::asOf);
        boolean draft = request.policySource().isPresent();
        AppraisalPolicy policy = draft ? drafts.compile(request.policySource().get()) : choice.forAppraisal(request);
        docket.policy(policy.identity());
        if (draft) {
            docket.draft();
        }
        CompositeEvidence evidence;
        try (var _ = verbs.begin(Verb.PARSE)) {
            evidence = Parsing.parse(request.evidence());
        }
        AppraisalService.Appraised appraised = service.appraise(
                evidence,
                request.endorsements(),
                policy,
                request.binding(),
                request.at().orElse(now),
                request.at().isPresent() ? Occasion.AS_OF : Occasion.NOW,
                client);
        bystanders.appraised(request, evidence, policy, appraised);
        // The values of a draft are the asker's own.
        Map<String, Object> document = draft
                ? ResultDocument.of(appraised.result(), Mark.SET, terms.insecure(), Wanted.SHOWN)
                : ResultDocument.of(
                        appraised.result(), Mark.NOT_SET, terms.insecure(), AttestationService.wanted(caller));
        docket.judged(appraised.result(), () -> CanonicalJson.of(document).sha256());
        return document;
    }
}
