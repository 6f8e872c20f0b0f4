package io.countersign.service.access;

/** Why a request was turned away before anybody looked at what it asks for. The words stand in a metric, and are for ever. */
public enum Refusal {
    NO_CREDENTIALS("no-credentials", "", Hints.ANY),
    HEADER_TWICE("header-twice", "The header Authorization stands in the request more than once.", Hints.SECRET),
    HEADER_MALFORMED("header-malformed", "The header Authorization is not \"Bearer\" and a secret.", Hints.SECRET),
    SECRET_UNKNOWN("secret-unknown", "No caller with this secret is registered.", Hints.SECRET),
    CERTIFICATE_UNKNOWN(
            "certificate-unknown",
            "No caller with this client certificate is registered.",
            "Connect with the certificate that the operator has named in countersign.callers.<name>, or with none where none"
                    + " is needed."),
    CERTIFICATE_AMBIGUOUS(
            "certificate-ambiguous",
            "The names in this client certificate are those of several callers.",
            "Connect with a certificate that has the name of one caller alone."),
    CERTIFICATE_ENDED(
            "certificate-ended",
            "A client certificate of this connection is not valid any more, or not yet.",
            "Connect anew, with a certificate that is valid now."),
    IDENTITIES_DIFFER(
            "identities-differ",
            "The client certificate and the header Authorization name different callers.",
            "Send one of them alone, or both of the same caller."),
    TOKEN_MALFORMED(
            "token-malformed", "The token in the header Authorization is no signed token with claims.", Hints.TOKEN),
    TOKEN_ALGORITHM(
            "token-algorithm",
            "The token is signed with an algorithm, or is of a type, that is not taken here.",
            "Have the issuer sign with RS256, PS256, ES256 or ES384, as typ JWT or at+jwt."),
    TOKEN_ISSUER("token-issuer", "The token is of another issuer.", Hints.TOKEN),
    TOKEN_KEY("token-key", "The token is signed with a key that the issuer does not publish.", Hints.TOKEN),
    TOKEN_SIGNATURE("token-signature", "The token's signature does not verify.", Hints.TOKEN),
    TOKEN_AUDIENCE("token-audience", "The token was made for others than this service.", Hints.TOKEN),
    TOKEN_TIME("token-time", "The token has ended, begins later, or does not say when it ends.", Hints.TOKEN),
    TOKEN_OURS(
            "token-ours",
            "The token was made by Countersign for a relying party; it names a machine, and no caller.",
            Hints.TOKEN),
    SUBJECT_UNKNOWN(
            "subject-unknown",
            "The token is good, and no caller is registered with its subject.",
            "Ask the operator to set its sub as countersign.callers.<name>.oidc-subject."),
    ISSUER_UNAVAILABLE(
            "issuer-unavailable",
            "The keys of the issuer of callers' tokens cannot be had just now, so nobody is known by a token.",
            "Try again in a moment, or show another credential that the operator has registered."),
    ROLE_MISSING("role-missing", "", ""),
    ROUTE_UNKNOWN("route-unknown", "No resource of this path is offered.", "GET /q/openapi lists what is offered.");

    private final String word;
    private final String detail;
    private final String hint;

    Refusal(String word, String detail, String hint) {
        this.word = word;
        this.detail = detail;
        this.hint = hint;
    }

    public String word() {
        return word;
    }

    String detail() {
        return detail;
    }

    String hint() {
        return hint;
    }

    /** What several of them advise. */
    private static final class Hints {
        static final String SECRET = "Send Authorization: Bearer and the secret whose SHA-256 the operator has set as"
                + " countersign.callers.<name>.secret-sha256, or leave the header out where none is needed.";
        static final String TOKEN =
                "Send a token of the issuer in countersign.access.oidc.issuer, made for countersign.access.oidc.audience.";
        static final String ANY =
                "Send Authorization: Bearer with a caller's secret or token, or connect with a client certificate; the"
                        + " operator registers callers under countersign.callers.";
    }
}
