package io.countersign.service.api;

import io.countersign.service.api.request.AppraisalRequest;
import io.countersign.service.api.request.AppraisalRequestReader;
import io.countersign.service.api.result.ResultDocument;
import io.countersign.service.appraisal.AppraisalService;
import io.countersign.service.appraisal.AttestationService.TokenTerms;
import io.countersign.service.appraisal.Bystanders;
import io.countersign.service.appraisal.Drafts;
import io.countersign.service.appraisal.Parsing;
import io.countersign.service.appraisal.PolicyChoice;
import io.countersign.service.collateral.ClientId;
import io.countersign.service.collateral.Occasion;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.InstantSource;

/** {@code POST /v1/appraisals}: explain, without any token. 200 whatever the verdict; never a basis for release. */
@Path("/v1/appraisals")
public class AppraisalResource {
    private final AppraisalService service;
    private final AppraisalRequestReader reader;
    private final PolicyChoice choice;
    private final Drafts drafts;
    private final TokenTerms terms;
    private final Admission admission;
    private final InstantSource clock;
    private final Bystanders bystanders;

    AppraisalResource(
            AppraisalService service,
            AppraisalRequestReader reader,
            PolicyChoice choice,
            Drafts drafts,
            TokenTerms terms,
            Admission admission,
            InstantSource clock,
            Bystanders bystanders) {
        this.service = service;
        this.reader = reader;
        this.choice = choice;
        this.drafts = drafts;
        this.terms = terms;
        this.admission = admission;
        this.clock = clock;
        this.bystanders = bystanders;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Response> appraise(@Context RoutingContext context) {
        byte[] body = Body.of(context);
        ClientId client = Clients.of(context.request());
        return admission.admit(() -> {
            AppraisalRequest request = reader.appraisal(body);
            Instant at = request.at().orElseGet(clock::instant);
            boolean draft = request.policySource().isPresent();
            AppraisalPolicy policy =
                    draft ? drafts.compile(request.policySource().get()) : choice.forAppraisal(request);
            CompositeEvidence evidence = Parsing.parse(request.evidence());
            AppraisalService.Appraised appraised = service.appraise(
                    evidence,
                    request.endorsements(),
                    policy,
                    request.binding(),
                    at,
                    request.at().isPresent() ? Occasion.AS_OF : Occasion.NOW,
                    client);
            bystanders.appraised(request, evidence, policy, appraised);
            return Answers.fresh(ResultDocument.of(
                    appraised.result(),
                    draft ? ResultDocument.Mark.SET : ResultDocument.Mark.NOT_SET,
                    terms.insecure()));
        });
    }
}
