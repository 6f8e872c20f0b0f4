package io.countersign.client.token;

import io.countersign.client.Http;
import io.countersign.client.ServiceAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Verifies tokens offline. Thread-safe; make one and keep it. Never throws for a token, however bad, and never answers with a
 * boolean.
 */
public final class TokenVerifier {
    /** Between two fetches of the key set that only unknown key ids ask for. */
    public static final Duration USUAL_COOL_DOWN = Duration.ofSeconds(30);

    private static final String BEARER = "bearer ";

    private final String issuer;
    private final String audience;
    private final String type;
    private final Keys keys;
    private final Expectations expectations;
    private final InstantSource clock;

    private TokenVerifier(
            String issuer, String audience, String type, Keys keys, Expectations expectations, InstantSource clock) {
        this.issuer = issuer;
        this.audience = audience;
        this.type = type;
        this.keys = keys;
        this.expectations = expectations;
        this.clock = clock;
    }

    /**
     * Finds the keys by discovery under the issuer's URL.
     *
     * @param issuer exactly as tokens name it in {@code iss}
     * @param audience this relying party, exactly as the service has it registered
     */
    public static TokenVerifier discovering(ServiceAddress issuer, String audience, Http http) {
        return discovering(issuer, audience, http, USUAL_COOL_DOWN, InstantSource.system());
    }

    static TokenVerifier discovering(
            ServiceAddress issuer, String audience, Http http, Duration coolDown, InstantSource clock) {
        return new TokenVerifier(
                issuer.text(),
                audience,
                "eat+jwt",
                new PublishedKeys(http, issuer, coolDown, clock),
                Expectations.strict(),
                clock);
    }

    /** With a key set in hand, for places without a network; throws an {@link IllegalArgumentException} for a bad one. */
    public static TokenVerifier withKeys(String issuer, String audience, String jwks) {
        return withKeys(issuer, audience, jwks, InstantSource.system());
    }

    static TokenVerifier withKeys(String issuer, String audience, String jwks, InstantSource clock) {
        try {
            return new TokenVerifier(issuer, audience, "eat+jwt", KeySet.read(jwks), Expectations.strict(), clock);
        } catch (KeySet.NotReadableException e) {
            throw new IllegalArgumentException("the key set cannot be used: " + e.getMessage(), e);
        }
    }

    /** The same verifier with other expectations; both share the keys they have fetched. */
    public TokenVerifier expecting(Expectations others) {
        return new TokenVerifier(issuer, audience, type, keys, others, clock);
    }

    /** For audiences that are registered with {@code typ: JWT} instead of {@code eat+jwt}. */
    public TokenVerifier ofType(String typ) {
        return new TokenVerifier(issuer, audience, typ, keys, expectations, clock);
    }

    /** What the strict choices are extended by. */
    public Expectations expectations() {
        return expectations;
    }

    /** Verifies what stands in an Authorization header, absent or not. */
    public Verdict verifyAuthorization(@Nullable String header) {
        if (header == null || !header.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            return new Verdict.Refused(new Refusal(
                    Refusal.Code.TOKEN_MISSING,
                    "Authorization: Bearer and a token",
                    header == null ? "no such header" : "another scheme",
                    "attest first, then send the token in this header"));
        }
        return verify(header.substring(BEARER.length()));
    }

    /** Verifies a token in compact form. */
    public Verdict verify(String compact) {
        try {
            SignedText text = SignedText.read(compact, type);
            text.verify(keys);
            var claims = new ClaimChecks(text.payload(), clock.instant());
            claims.demandForm();
            claims.demandStandard(issuer, audience);
            claims.demand(expectations);
            return new Verdict.Accepted(new VerifiedToken(compact, text.keyId(), claims.all()));
        } catch (RefusedException e) {
            return new Verdict.Refused(e.refusal());
        }
    }
}
