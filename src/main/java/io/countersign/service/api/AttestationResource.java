package io.countersign.service.api;

import io.countersign.service.api.request.AppraisalRequest;
import io.countersign.service.api.request.AppraisalRequestReader;
import io.countersign.service.appraisal.AttestationService;
import io.countersign.service.collateral.ClientId;
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

/** {@code POST /v1/attestations}: appraise, and if the policy is met issue a token. 200 only when favourable. */
@Path("/v1/attestations")
public class AttestationResource {
    private static final MediaType EAT_JWT = new MediaType("application", "eat+jwt");

    private final AttestationService service;
    private final AppraisalRequestReader reader;
    private final Admission admission;

    AttestationResource(AttestationService service, AppraisalRequestReader reader, Admission admission) {
        this.service = service;
        this.reader = reader;
        this.admission = admission;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces({MediaType.APPLICATION_JSON, "application/eat+jwt"})
    public Uni<Response> attest(@Context RoutingContext context, @Context HttpHeaders headers) {
        byte[] body = Body.of(context);
        boolean bareToken = wantsBareToken(headers);
        ClientId client = Clients.of(context.request());
        return admission.admit(() -> {
            AppraisalRequest request = reader.attestation(body);
            var attestation = service.attest(request, client);
            return bareToken
                    ? Response.ok(attestation.token().compact(), EAT_JWT)
                            .header(HttpHeaders.CACHE_CONTROL, "no-store")
                            .build()
                    : Answers.fresh(attestation.document());
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
