package io.countersign.verifier.token;

/**
 * Whom a token is for.
 *
 * @param audience the token's {@code aud}
 * @param typ the JWS header's type
 * @param dialect the only names it is ever sent: rules written for one dialect see nothing in the other
 */
public record RelyingParty(String audience, String typ, Dialect dialect, Detail detail) {
    /** How much of each device a token tells. */
    public enum Detail {
        BRIEF,
        /** Adds the hardware model; machine identifiers stay out all the same. */
        FULL
    }
}
