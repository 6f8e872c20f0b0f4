package io.countersign.service.api;

import io.countersign.service.api.request.AppraisalRequest;
import io.countersign.service.api.request.AppraisalRequestReader;
import io.countersign.service.api.request.IdempotencyKey;
import io.countersign.service.audit.Asked;
import io.countersign.service.audit.Kind;
import io.countersign.service.caller.Caller;
import io.countersign.service.collateral.ClientId;
import io.countersign.service.verbs.Verb;
import io.countersign.service.verbs.Verbs;
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
import java.util.List;
import java.util.Optional;

/** {@code POST /v1/attestations}: appraise, and if the policy is met issue a token. 200 only when favourable. */
@Path("/v1/attestations")
public class AttestationResource {
    private static final MediaType EAT_JWT = new MediaType("application", "eat+jwt");

    /** The name that clients of payment services know. */
    private static final String REPLAYED = "Idempotent-Replayed";

    private final AttestationAnswers answers;
    private final AppraisalRequestReader reader;
    private final Admission admission;
    private final Verbs verbs;
    private final Audited audited;

    AttestationResource(
            AttestationAnswers answers,
            AppraisalRequestReader reader,
            Admission admission,
            Verbs verbs,
            Audited audited) {
        this.verbs = verbs;
        this.answers = answers;
        this.reader = reader;
        this.admission = admission;
        this.audited = audited;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces({MediaType.APPLICATION_JSON, "application/eat+jwt"})
    public Uni<Response> attest(@Context RoutingContext context, @Context HttpHeaders headers) {
        byte[] body = Body.of(context);
        boolean bareToken = wantsBareToken(headers);
        List<String> keyLines = context.request().headers().getAll("Idempotency-Key");
        Caller caller = Authentication.callerOf(context);
        ClientId client = Clients.of(context);
        Asked asked = audited.asked(context);
        return admission.evidence(context, meter -> {
            Optional<IdempotencyKey> key = IdempotencyKey.read(keyLines);
            AppraisalRequest request;
            try (var _ = verbs.begin(Verb.RECEIVE)) {
                request = reader.attestation(body);
            }
            meter.count(request.evidence().size());
            AttestationAnswers.Answer answer =
                    audited.decide(Kind.ATTESTATION, asked, () -> answers.answer(request, body, key, caller, client));
            var response = bareToken
                    ? Response.ok(answer.token(), EAT_JWT)
                    : Response.ok(answer.document().toByteArray(), MediaType.APPLICATION_JSON);
            if (answer.turn() == AttestationAnswers.Turn.AGAIN) {
                response.header(REPLAYED, "true");
            }
            return response.header(HttpHeaders.CACHE_CONTROL, "no-store").build();
        });
    }

    /** The first accepted type that is offered decides; JAX-RS sorts them by preference. */
    private static boolean wantsBareToken(HttpHeaders headers) {
        return headers.getAcceptableMediaTypes().stream()
                .filter(type -> type.isCompatible(EAT_JWT) || type.isCompatible(MediaType.APPLICATION_JSON_TYPE))
                .findFirst()
                .filter(type -> !type.isCompatible(MediaType.APPLICATION_JSON_TYPE))
                .isPresent();
    }
}
