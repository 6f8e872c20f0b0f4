package io.countersign.service.api.problem;

/** Every way a request can end without its answer. Codes are append-only; clients switch on them, never on texts. */
public enum ProblemCode {
    REQUEST_INVALID("request-invalid", 400, "The request is not what this route expects", Retry.USELESS),
    NONCE_UNKNOWN("nonce-unknown", 400, "This challenge was not issued here", Retry.USELESS),
    UNAUTHENTICATED("unauthenticated", 401, "The caller is not authenticated", Retry.USELESS),
    FORBIDDEN("forbidden", 403, "The caller may not do this", Retry.USELESS),
    AUDIENCE_UNKNOWN("audience-unknown", 403, "This audience is not registered", Retry.USELESS),
    POLICY_NOT_ALLOWED("policy-not-allowed", 403, "This policy may not be used for this audience", Retry.USELESS),
    NONCE_NOT_OURS("nonce-not-ours", 403, "This nonce was not issued by this service", Retry.USELESS),
    APPRAISAL_REFUSED("appraisal-refused", 403, "The evidence does not meet the policy", Retry.USELESS),
    POLICY_UNKNOWN("policy-unknown", 404, "No policy of this name is loaded", Retry.USELESS),
    NOT_FOUND("not-found", 404, "There is nothing at this address", Retry.USELESS),
    METHOD_NOT_ALLOWED("method-not-allowed", 405, "This address does not take this method", Retry.USELESS),
    NOT_ACCEPTABLE("not-acceptable", 406, "The answer is not available in the form asked for", Retry.USELESS),
    NONCE_USED("nonce-used", 409, "This challenge was already spent", Retry.USELESS),
    POLICY_DIGEST_DIFFERS(
            "policy-digest-differs", 409, "Another content is loaded under this policy id", Retry.USELESS),
    NONCE_EXPIRED("nonce-expired", 410, "This challenge has expired", Retry.USELESS),
    REQUEST_TOO_LARGE("request-too-large", 413, "The request is larger than this service takes", Retry.USELESS),
    MEDIA_TYPE_UNSUPPORTED(
            "media-type-unsupported", 415, "The body is in a form that this route does not read", Retry.USELESS),
    EVIDENCE_MALFORMED("evidence-malformed", 422, "The evidence is not what it is said to be", Retry.USELESS),
    EVIDENCE_UNSUPPORTED("evidence-unsupported", 422, "This kind of evidence is not known here", Retry.USELESS),
    RATE_LIMITED("rate-limited", 429, "Too many requests", Retry.LATER),
    INTERNAL_ERROR("internal-error", 500, "Countersign has a bug", Retry.USELESS),
    ENDORSEMENT_UNAVAILABLE(
            "endorsement-unavailable", 503, "An endorsement could not be fetched just now", Retry.LATER),
    OVERLOADED("overloaded", 503, "The service has more work than it takes on", Retry.LATER);

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
