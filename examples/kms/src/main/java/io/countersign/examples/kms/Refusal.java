package io.countersign.examples.kms;

import org.springframework.security.core.AuthenticationException;

/**
 * Why no secret is released.
 *
 * @param code stable; clients switch on it
 * @param expected what this KMS demands
 * @param found what the token says instead; it is the caller's own, so that he may see it
 * @param hint what to do
 */
record Refusal(int status, String code, String expected, String found, String hint) {
    private static final int LONGEST = 200;

    Refusal {
        found = found.length() <= LONGEST ? found : found.substring(0, LONGEST) + "…";
    }

    /** The token does not verify: RFC 6750, section 3.1, {@code invalid_token}. */
    static RefusedException invalidToken(String code, String expected, String found, String hint) {
        return new RefusedException(new Refusal(401, code, expected, found, hint));
    }

    /** The token is good, but not for this secret. */
    static RefusedException forbidden(String code, String expected, String found, String hint) {
        return new RefusedException(new Refusal(403, code, expected, found, hint));
    }

    /** Somebody whom we have to ask does not answer. What cannot be asked is not released. */
    static RefusedException unavailable(String code, String expected, String found) {
        return new RefusedException(
                new Refusal(503, code, expected, found, "Try again in a moment; the token was not refused."));
    }

    /** Carries a refusal out of wherever it is found; an authentication exception, for Spring's filters to let it pass. */
    static final class RefusedException extends AuthenticationException {
        private static final long serialVersionUID = 1L;

        private final transient Refusal refusal;

        RefusedException(Refusal refusal) {
            super(refusal.code());
            this.refusal = refusal;
        }

        Refusal refusal() {
            return refusal;
        }
    }
}
