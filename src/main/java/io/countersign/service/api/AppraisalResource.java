package io.countersign.service.api;

import io.countersign.service.api.request.AppraisalRequest;
import io.countersign.service.api.request.AppraisalRequestReader;
import io.countersign.service.api.request.RequestInvalidException;
import io.countersign.service.audit.Asked;
import io.countersign.service.audit.Kind;
import io.countersign.service.caller.Caller;
import io.countersign.service.collateral.ClientId;
import io.countersign.service.verbs.Verb;
import io.countersign.service.verbs.Verbs;
import io.countersign.verifier.scheme.RefusedEvidenceException;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;

/** {@code POST /v1/appraisals}: explain, without any token. 200 whatever the verdict; never a basis for release. */
@Path("/v1/appraisals")
public class AppraisalResource {
    private final AppraisalAnswers answers;
    private final AppraisalRequestReader reader;
    private final Admission admission;
    private final InstantSource clock;
    private final Verbs verbs;
    private final Audited audited;

    AppraisalResource(
            AppraisalAnswers answers,
            AppraisalRequestReader reader,
            Admission admission,
            InstantSource clock,
            Verbs verbs,
            Audited audited) {
        this.verbs = verbs;
        this.answers = answers;
        this.reader = reader;
        this.admission = admission;
        this.clock = clock;
        this.audited = audited;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Response> appraise(@Context RoutingContext context) {
        byte[] body = Body.of(context);
        Caller caller = Authentication.callerOf(context);
        ClientId client = Clients.of(context);
        Asked asked = audited.asked(context);
        return admission.evidence(context, meter -> {
            AppraisalRequest request = received(body);
            meter.count(request.evidence().size());
            return Answers.fresh(audited.decide(
                    Kind.APPRAISAL, asked, () -> answers.answer(request, clock.instant(), caller, client)));
        });
    }

    private AppraisalRequest received(byte[] body) throws RequestInvalidException, RefusedEvidenceException {
        try (var _ = verbs.begin(Verb.RECEIVE)) {
            return reader.appraisal(body);
        }
    }
}
