package io.countersign.service.api;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.api.request.FormParameters;
import io.countersign.service.audit.Asked;
import io.countersign.service.audit.Kind;
import io.countersign.service.caller.Caller;
import io.countersign.service.introspection.Introspection;
import io.countersign.service.introspection.Introspections;
import io.countersign.service.introspection.Introspections.Intent;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code POST /v1/tokens/introspect}: whether a token is good now (RFC 7662), and using it up. */
@Path("/v1/tokens/introspect")
public class IntrospectionResource {
    /** Where forms are read, which they are nowhere else. */
    static final String PATH = "/v1/tokens/introspect";

    private final Introspections introspections;
    private final Admission admission;
    private final Audited audited;

    IntrospectionResource(Introspections introspections, Admission admission, Audited audited) {
        this.introspections = introspections;
        this.admission = admission;
        this.audited = audited;
    }

    /** {@code token_type_hint} may be there, and there is only one type. */
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Response> introspect(@Context RoutingContext context) {
        Caller.Known asker = known(Authentication.callerOf(context));
        byte[] body = Body.of(context);
        Asked asked = audited.asked(context);
        return admission.introspection(context, () -> {
            FormParameters form = FormParameters.read(body);
            String token = form.requiredText("token");
            Intent intent = intent(form);
            return Answers.fresh(document(
                    audited.decide(Kind.INTROSPECTION, asked, () -> introspections.introspect(token, intent, asker))));
        });
    }

    private static Caller.Known known(Caller caller) {
        return switch (caller) {
            case Caller.Known known -> known;
            case Caller.Anonymous _ ->
                throw new CountersignException(
                        ProblemCode.UNAUTHENTICATED,
                        "Tokens are introspected by callers that speak for their audience, and nobody says who asks.",
                        "Send Authorization: Bearer with the secret or token of a caller registered under"
                                + " countersign.callers, or connect with its certificate.");
        };
    }

    private static Intent intent(FormParameters form) {
        return switch (form.text("consume").orElse("false")) {
            case "true" -> Intent.CONSUME;
            case "false" -> Intent.LOOK;
            default ->
                throw new CountersignException(
                        ProblemCode.REQUEST_INVALID,
                        "The parameter \"consume\" is neither true nor false.",
                        "Send consume=true to use the token up, or leave it out to look.");
        };
    }

    private static Map<String, Object> document(Introspection answer) {
        var document = new LinkedHashMap<String, Object>();
        switch (answer) {
            case Introspection.Active(var claims, var singleUse) -> {
                document.put("active", true);
                document.putAll(claims);
                document.put("countersign_single_use", singleUse.word());
            }
            case Introspection.Inactive(var reason) -> {
                document.put("active", false);
                document.put("countersign_reason", reason.word());
                document.put("countersign_hint", reason.hint());
            }
            case Introspection.Untold _ -> document.put("active", false);
        }
        return document;
    }
}
