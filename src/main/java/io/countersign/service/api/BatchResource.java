package io.countersign.service.api;

import io.countersign.service.api.problem.ProblemObserver;
import io.countersign.service.api.request.AppraisalRequest;
import io.countersign.service.api.request.AppraisalRequestReader;
import io.countersign.service.api.request.RequestElement;
import io.countersign.service.api.request.RequestInvalidException;
import io.countersign.service.api.request.RequestObject;
import io.countersign.service.audit.Asked;
import io.countersign.service.audit.Kind;
import io.countersign.service.caller.Caller;
import io.countersign.service.collateral.ClientId;
import io.countersign.service.config.CountersignConfig;
import io.countersign.service.config.LimitsConfig;
import io.countersign.service.verbs.Deadline;
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
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** {@code POST /v1/appraisals/batch}: explain several, each by itself. Never a token, never a basis for release. */
@Path("/v1/appraisals/batch")
public class BatchResource {
    /** Explaining takes more room than asking: the answer may be so many times longer than the longest request. */
    private static final int ANSWER_TIMES = 4;

    /** Well before the connection counts as idle. */
    private static final Duration TIME = Duration.ofSeconds(30);

    private final AppraisalAnswers answers;
    private final AppraisalRequestReader reader;
    private final Admission admission;
    private final InstantSource clock;
    private final LimitsConfig limits;
    private final Batch batch;
    private final Verbs verbs;
    private final Audited audited;

    BatchResource(
            AppraisalAnswers answers,
            AppraisalRequestReader reader,
            Admission admission,
            InstantSource clock,
            CountersignConfig config,
            ProblemObserver observer,
            Verbs verbs,
            Audited audited) {
        this.answers = answers;
        this.reader = reader;
        this.admission = admission;
        this.clock = clock;
        this.limits = config.limits();
        this.audited = audited;
        this.batch = new Batch(ANSWER_TIMES * limits.requestBytes(), TIME, System::nanoTime, observer);
        this.verbs = verbs;
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
            List<RequestElement> appraisals;
            try (var _ = verbs.begin(Verb.RECEIVE)) {
                appraisals = reader.batch(body, limits.batch());
            }
            Instant now = clock.instant();
            byte[] answer = batch.answer(appraisals, each -> {
                Deadline.current().ifPresent(Deadline::again);
                AppraisalRequest request = received(each);
                meter.count(request.evidence().size());
                return audited.decide(Kind.APPRAISAL, asked, () -> answers.answer(request, now, caller, client));
            });
            return Response.ok(answer, MediaType.APPLICATION_JSON)
                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                    .build();
        });
    }

    private AppraisalRequest received(RequestObject appraisal)
            throws RequestInvalidException, RefusedEvidenceException {
        try (var _ = verbs.begin(Verb.RECEIVE)) {
            return reader.appraisal(appraisal);
        }
    }
}
