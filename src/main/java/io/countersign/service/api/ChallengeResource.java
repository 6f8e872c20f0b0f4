package io.countersign.service.api;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.api.request.JsonText;
import io.countersign.service.api.request.RequestInvalidException;
import io.countersign.service.api.request.RequestObject;
import io.countersign.service.challenge.ChallengeNonces;
import io.countersign.service.config.CountersignConfig;
import io.countersign.service.limits.Limit;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.BindingMethod;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;

/** {@code POST /v1/challenges}: a nonce to attest with. */
@Path("/v1/challenges")
@NonBlocking // some microseconds of hashing: handing it to another thread would cost more
public class ChallengeResource {
    private static final int MAX_NAME = 512;

    /** Two names with every character escaped, and as much again: what is longer would keep the event loop busy. */
    private static final int MAX_BODY = 16 * 1024;

    private final ChallengeNonces nonces;
    private final JsonText json;
    private final CountersignConfig config;
    private final InstantSource clock;
    private final Admission admission;

    ChallengeResource(
            ChallengeNonces nonces, JsonText json, CountersignConfig config, InstantSource clock, Admission admission) {
        this.nonces = nonces;
        this.json = json;
        this.config = config;
        this.clock = clock;
        this.admission = admission;
    }

    /** The body is optional, and so is each of its members. */
    @POST
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    public Response challenge(@Context RoutingContext context, @Context HttpHeaders headers)
            throws RequestInvalidException {
        admission.challenge(context);
        byte[] body = Body.of(context);
        String audience = "";
        String policy = "";
        // Declared here and not at the method, because a request without a body needs no type.
        if ((body.length > 0 || isForm(headers))
                && !MediaType.APPLICATION_JSON_TYPE.isCompatible(headers.getMediaType())) {
            throw new NotSupportedException();
        }
        if (body.length > MAX_BODY) {
            admission.met(Limit.REQUEST_BYTES);
            throw new CountersignException(
                    ProblemCode.REQUEST_TOO_LARGE,
                    "The body has %d bytes; at most %d are read here.".formatted(body.length, MAX_BODY),
                    "Send an audience and a policy and nothing else, or no body at all.");
        }
        if (body.length > 0) {
            RequestObject request = json.object(body);
            request.onlyMembers(List.of("audience", "policy"));
            audience = bounded(request, "audience");
            policy = bounded(request, "policy");
        }
        Instant now = clock.instant();
        var lifetime = config.challenge().lifetime();
        Bytes nonce = nonces.issue(now, lifetime, audience, policy);
        var document = new LinkedHashMap<String, Object>();
        document.put("nonce", Base64.getUrlEncoder().withoutPadding().encodeToString(nonce.toByteArray()));
        document.put(
                "expires_at",
                Instant.ofEpochSecond(now.plus(lifetime).getEpochSecond()).toString());
        document.put("binding", BindingMethod.COUNTERSIGN_V1.word());
        return Answers.fresh(document);
    }

    /** Forms are not read, so only what they announce tells that they are there. */
    private static boolean isForm(HttpHeaders headers) {
        MediaType type = headers.getMediaType();
        return type != null
                && (type.getType().equals("multipart") || type.getSubtype().equals("x-www-form-urlencoded"))
                && (headers.getHeaderString("Transfer-Encoding") != null || headers.getLength() > 0);
    }

    private static String bounded(RequestObject request, String member) throws RequestInvalidException {
        String text = request.text(member).orElse("");
        if (text.length() > MAX_NAME) {
            throw new RequestInvalidException(
                    request.pointerTo(member), "at most %d characters were expected".formatted(MAX_NAME));
        }
        return text;
    }
}
