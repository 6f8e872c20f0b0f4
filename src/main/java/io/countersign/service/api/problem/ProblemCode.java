package io.countersign.service.api.problem;

/** Every way a request can end without its answer. Codes are append-only; clients switch on them, never on texts. */
public enum ProblemCode {
    REQUEST_INVALID("request-invalid", 400, "The request is not one that this service reads", Retry.USELESS),
    NONCE_UNKNOWN("nonce-unknown", 400, "The challenge nonce was not made here for this request", Retry.USELESS),
    UNAUTHENTICATED("unauthenticated", 401, "The caller is not known", Retry.USELESS),
    FORBIDDEN("forbidden", 403, "The caller may not do this", Retry.USELESS),
    AUDIENCE_UNKNOWN("audience-unknown", 403, "The audience is not registered", Retry.USELESS),
    POLICY_NOT_ALLOWED("policy-not-allowed", 403, "The audience may not ask for this policy", Retry.USELESS),
    NONCE_NOT_OURS("nonce-not-ours", 403, "The nonce is not a challenge of this service", Retry.USELESS),
    APPRAISAL_REFUSED("appraisal-refused", 403, "The evidence does not meet the policy", Retry.USELESS),
    POLICY_UNKNOWN("policy-unknown", 404, "No such policy is loaded", Retry.USELESS),
    NOT_FOUND("not-found", 404, "There is nothing here", Retry.USELESS),
    METHOD_NOT_ALLOWED("method-not-allowed", 405, "This method is not offered here", Retry.USELESS),
    NOT_ACCEPTABLE("not-acceptable", 406, "None of the accepted media types is offered here", Retry.USELESS),
    NONCE_USED("nonce-used", 409, "The challenge was spent", Retry.USELESS),
    POLICY_DIGEST_DIFFERS(
            "policy-digest-differs", 409, "Another content is loaded under that policy id", Retry.USELESS),
    NONCE_EXPIRED("nonce-expired", 410, "The challenge has expired", Retry.USELESS),
    REQUEST_TOO_LARGE("request-too-large", 413, "The request is too large", Retry.USELESS),
    MEDIA_TYPE_UNSUPPORTED("media-type-unsupported", 415, "The request's media type is not read here", Retry.USELESS),
    EVIDENCE_MALFORMED("evidence-malformed", 422, "The evidence does not parse", Retry.USELESS),
    EVIDENCE_UNSUPPORTED("evidence-unsupported", 422, "The evidence is of a kind that is not supported", Retry.USELESS),
    RATE_LIMITED("rate-limited", 429, "Too many requests", Retry.LATER),
    INTERNAL_ERROR("internal-error", 500, "The service made a mistake", Retry.LATER),
    ENDORSEMENT_UNAVAILABLE("endorsement-unavailable", 503, "An endorsement cannot be fetched just now", Retry.LATER),
    OVERLOADED("overloaded", 503, "The service is busy", Retry.LATER),
    STORE_UNAVAILABLE("store-unavailable", 503, "What must happen once cannot be recorded just now", Retry.LATER),
    SIGNING_UNAVAILABLE("signing-unavailable", 503, "No token can be signed just now", Retry.LATER),
    AUDIT_UNAVAILABLE("audit-unavailable", 503, "The decision cannot be written down just now", Retry.LATER),
    IDENTITY_UNAVAILABLE("identity-unavailable", 503, "Who asks cannot be found out just now", Retry.LATER);

    /** Whether sending the same request again can help. */
    public enum Retry {
        USELESS,
        LATER
    }

    private final String code;
    private final int status;
    private final String title;
    private final Retry retry;

    ProblemCode(String code, int status, String title, Retry retry) {
        this.code = code;
        this.status = status;
        this.title = title;
        this.retry = retry;
    }

    public String code() {
        return code;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    public Retry retry() {
        return retry;
    }

    /** A reference relative to this service, which serves the page itself. */
    public String type() {
        return "/docs/problems/" + code + ".md";
    }
}
