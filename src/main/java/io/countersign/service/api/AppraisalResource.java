package io.countersign.service.api;

import io.countersign.service.api.request.AppraisalRequestReader;
import io.countersign.service.collateral.ClientId;
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

    AppraisalResource(
            AppraisalAnswers answers, AppraisalRequestReader reader, Admission admission, InstantSource clock) {
        this.answers = answers;
        this.reader = reader;
        this.admission = admission;
        this.clock = clock;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Response> appraise(@Context RoutingContext context) {
        byte[] body = Body.of(context);
        ClientId client = Clients.of(context);
        return admission.admit(() -> Answers.fresh(answers.answer(reader.appraisal(body), clock.instant(), client)));
    }
}
