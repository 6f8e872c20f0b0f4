package io.countersign.service.api;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.Problem;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.api.problem.ProblemObserver;
import io.countersign.service.api.request.RequestInvalidException;
import io.countersign.service.collateral.GatheringOverloadedException;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.bytes.UnsupportedEvidenceException;
import io.countersign.verifier.scheme.RefusedEvidenceException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns everything that can go wrong into a problem document; nothing else of an exception leaves the service. */
final class Problems {
    private static final Logger LOG = Logger.getLogger(Problems.class);

    /** Every other path is read with GET. */
    private static final Set<String> POSTED = Set.of(
            "/v1/challenges",
            "/v1/attestations",
            "/v1/appraisals",
            "/v1/appraisals/batch",
            IntrospectionResource.PATH,
            "/v1/evidence/show");

    private static final Map<Integer, ProblemCode> BY_STATUS = Map.of(
            401, ProblemCode.UNAUTHENTICATED,
            403, ProblemCode.FORBIDDEN,
            404, ProblemCode.NOT_FOUND,
            405, ProblemCode.METHOD_NOT_ALLOWED,
            406, ProblemCode.NOT_ACCEPTABLE,
            413, ProblemCode.REQUEST_TOO_LARGE,
            415, ProblemCode.MEDIA_TYPE_UNSUPPORTED,
            429, ProblemCode.RATE_LIMITED,
            503, ProblemCode.OVERLOADED);

    private final ProblemObserver observer;

    Problems(ProblemObserver observer) {
        this.observer = observer;
    }

    Response response(Problem problem) {
        observer.answered(problem.code());
        var response = Response.status(problem.code().status())
                .type(Problem.MEDIA_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(Json.write(problem.document()));
        headers(problem).forEach(response::header);
        return response.build();
    }

    /** What a problem says in headers too. */
    static Map<String, String> headers(Problem problem) {
        var headers = new LinkedHashMap<String, String>();
        problem.retryAfterSeconds().ifPresent(after -> headers.put("Retry-After", String.valueOf(after)));
        if (problem.code() == ProblemCode.UNAUTHENTICATED) {
            // RFC 9110, section 15.5.2: a 401 names a scheme.
            headers.put("WWW-Authenticate", "Bearer");
        }
        return headers;
    }

    /** The problem for a status that the framework chose. */
    static Problem ofStatus(int status) {
        return switch (BY_STATUS.getOrDefault(status, clientOrServer(status))) {
            case NOT_FOUND ->
                Problem.of(
                        ProblemCode.NOT_FOUND,
                        "No resource of this path is offered.",
                        "GET /q/openapi lists what is offered.");
            case METHOD_NOT_ALLOWED ->
                Problem.of(
                        ProblemCode.METHOD_NOT_ALLOWED,
                        "The path exists, but not for this method.",
                        "GET /q/openapi lists the methods of each path.");
            case NOT_ACCEPTABLE ->
                Problem.of(
                        ProblemCode.NOT_ACCEPTABLE,
                        "The Accept header names no media type that this path offers.",
                        "Accept application/json; on attestations application/eat+jwt is offered too.");
            case REQUEST_TOO_LARGE ->
                Problem.of(
                        ProblemCode.REQUEST_TOO_LARGE,
                        "The body is longer than the service reads.",
                        "Leave out what is not needed: the service fetches endorsements itself.");
            case MEDIA_TYPE_UNSUPPORTED ->
                Problem.of(
                        ProblemCode.MEDIA_TYPE_UNSUPPORTED,
                        "The body is not declared as JSON.",
                        "Send it with the header Content-Type: application/json.");
            case REQUEST_INVALID ->
                Problem.of(ProblemCode.REQUEST_INVALID, "The request is not valid HTTP.", "Correct the request.");
            case INTERNAL_ERROR -> internalError();
            case ProblemCode other -> Problem.of(other, other.title() + ".", "See the page of this problem.");
        };
    }

    private static ProblemCode clientOrServer(int status) {
        return status >= 500 ? ProblemCode.INTERNAL_ERROR : ProblemCode.REQUEST_INVALID;
    }

    static Problem internalError() {
        return Problem.of(
                ProblemCode.INTERNAL_ERROR,
                "The service made a mistake; nothing was decided.",
                "Tell the operator: the service's log has the reason.");
    }

    @ServerExceptionMapper
    Response known(CountersignException e) {
        return response(e.problem());
    }

    static Problem of(RequestInvalidException e) {
        String place = e.pointer().isEmpty() ? "The body" : e.pointer();
        return Problem.of(
                        ProblemCode.REQUEST_INVALID,
                        place + ": " + e.getMessage() + ".",
                        "Correct the request; GET /v1/schemas/request.json describes it.")
                .with("pointer", e.pointer());
    }

    static Problem of(RefusedEvidenceException e) {
        return switch (e.reason()) {
            case MalformedEvidenceException malformed ->
                Problem.of(
                                ProblemCode.EVIDENCE_MALFORMED,
                                e.getMessage() + ".",
                                "Send the evidence exactly as the device gave it, neither cut nor padded.")
                        .with("submodule", e.label())
                        .with("structure", malformed.structure())
                        .with("offset", malformed.offset());
            case UnsupportedEvidenceException unsupported ->
                Problem.of(
                                ProblemCode.EVIDENCE_UNSUPPORTED,
                                e.getMessage() + ".",
                                "The README lists the types, versions and products that are supported.")
                        .with("submodule", e.label())
                        .with("structure", unsupported.structure());
        };
    }

    static Problem of(GatheringOverloadedException e) {
        return Problem.of(
                        ProblemCode.ENDORSEMENT_UNAVAILABLE,
                        "An endorsement must be fetched, and as many as the service takes are being fetched already.",
                        "Try again, or send the endorsement along.")
                .retryAfter(e.retryAfter());
    }

    /** The code of what whoever asked is told. */
    static ProblemCode codeOf(Exception e) {
        return switch (e) {
            case CountersignException known -> known.problem().code();
            case RequestInvalidException invalid -> of(invalid).code();
            case RefusedEvidenceException refused -> of(refused).code();
            case GatheringOverloadedException overloaded -> of(overloaded).code();
            default -> ProblemCode.INTERNAL_ERROR;
        };
    }

    @ServerExceptionMapper
    Response invalid(RequestInvalidException e) {
        return response(of(e));
    }

    @ServerExceptionMapper
    Response refused(RefusedEvidenceException e) {
        return response(of(e));
    }

    @ServerExceptionMapper
    Response queueFull(GatheringOverloadedException e) {
        return response(of(e));
    }

    @ServerExceptionMapper
    Response framework(WebApplicationException e, UriInfo uri) {
        int status = e.getResponse().getStatus();
        if (status == ProblemCode.MEDIA_TYPE_UNSUPPORTED.status()
                && uri.getPath().equals(IntrospectionResource.PATH)) {
            return response(Problem.of(
                    ProblemCode.MEDIA_TYPE_UNSUPPORTED,
                    "The body is not declared as a form, which RFC 7662 asks for.",
                    "Send it with the header Content-Type: application/x-www-form-urlencoded."));
        }
        Response made = response(ofStatus(status));
        if (status != Response.Status.METHOD_NOT_ALLOWED.getStatusCode()) {
            return made;
        }
        // RFC 9110, section 15.5.6: a 405 names the methods that are allowed. The framework does not tell them.
        String allowed = POSTED.contains(uri.getPath()) ? "POST, OPTIONS" : "GET, HEAD, OPTIONS";
        return Response.fromResponse(made).header(HttpHeaders.ALLOW, allowed).build();
    }

    @ServerExceptionMapper
    Response bug(Throwable e) {
        LOG.error("a request ended with a mistake of our own", e);
        return response(internalError());
    }
}
