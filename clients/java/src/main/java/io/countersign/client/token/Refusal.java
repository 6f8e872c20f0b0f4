package io.countersign.client.token;

import io.countersign.client.Plain;
import java.util.Locale;

/**
 * Why a token is not accepted.
 *
 * @param expected what a good token has
 * @param found what this one has, fit for a log
 * @param hint what to do
 */
public record Refusal(Code code, String expected, String found, String hint) {
    public Refusal {
        found = Plain.line(found);
    }

    /** Stable words to switch on. */
    public enum Code {
        TOKEN_MISSING,
        TOKEN_MALFORMED,
        TOKEN_TYPE_WRONG,
        ALGORITHM_REFUSED,
        HEADER_REFUSED,
        KEY_UNKNOWN,
        KEYS_UNAVAILABLE,
        SIGNATURE_INVALID,
        PROFILE_UNKNOWN,
        CLAIM_MISSING,
        CLAIM_MALFORMED,
        ISSUER_WRONG,
        AUDIENCE_WRONG,
        EXPIRED,
        NOT_YET_VALID,
        STATUS_NOT_ADMITTED,
        INSECURE,
        DEBUG,
        WORKLOAD_NOT_PINNED,
        FRESHNESS_WRONG,
        NONCE_WRONG,
        POLICY_WRONG,
        POLICY_DIGEST_WRONG,
        TEE_WRONG,
        KEY_NOT_BOUND,
        GPU_COUNT_WRONG,
        TOO_OLD;

        /** As it stands in logs and answers: {@code token-malformed}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** One line for a log. */
    public String explained() {
        return code.word() + ": expected " + expected + "; found " + found + "; do: " + hint;
    }
}
