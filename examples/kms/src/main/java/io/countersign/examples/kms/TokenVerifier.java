package io.countersign.examples.kms;

import io.countersign.examples.kms.Refusal.RefusedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.MappedJwtClaimSetConverter;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.stereotype.Component;

/** What makes a token good: who signed it, for whom, for how long, in which form. Whatever fails here is a 401. */
@Component
final class TokenVerifier implements JwtDecoder {
    /** EAR, draft-ietf-rats-ear-03. The older drafts have other claim names, which would read as absent here. */
    private static final String PROFILE = "tag:ietf.org,2026:rats/ear#03";
    /** How far the issuer's clock may be ahead of ours. */
    private static final Duration SKEW_OF_BEGINNINGS = Duration.ofSeconds(60);

    private static final Pattern TOKEN_ID = Pattern.compile("[A-Za-z0-9_-]{16,64}");
    private static final String NEW_TOKEN = "Attest again and come back with the new token.";

    private final NimbusJwtDecoder decoder;
    private final List<Check> checks;

    TokenVerifier(Settings settings, IssuerKeys keys, Clock clock) {
        decoder = NimbusJwtDecoder.withJwkSource(keys)
                // Exactly these. "none" and HS256, where the public key would serve as the shared secret, have no
                // chance.
                .jwsAlgorithms(
                        algorithms -> algorithms.addAll(List.of(SignatureAlgorithm.ES256, SignatureAlgorithm.ES384)))
                .build();
        // Takes the place of Spring's default validators, which want typ JWT and let a token live 60 s beyond its end.
        decoder.setJwtValidator(new JwtTypeValidator("eat+jwt"));
        decoder.setClaimSetConverter(TokenVerifier::withoutInventedIssueTime);
        checks = List.of(
                Check.claim(
                        "issuer-differs", "iss", settings.issuer().toString(), "Ask the issuer that this KMS trusts."),
                new Check(
                        "audience-differs",
                        "aud %s and no other".formatted(settings.audience()),
                        Jwt::getAudience,
                        List.of(settings.audience())::equals,
                        "Attest with this audience: a token for another service is not for this one."),
                new Check(
                        "token-expired",
                        "exp after now, without leeway",
                        Jwt::getExpiresAt,
                        end -> end instanceof Instant instant && clock.instant().isBefore(instant),
                        NEW_TOKEN),
                new Check(
                        "token-not-yet-valid",
                        "iat not after now",
                        Jwt::getIssuedAt,
                        begin -> begin instanceof Instant instant && begun(instant, clock),
                        "Set the clocks: the token is of the future, or does not say when it was made."),
                new Check(
                        "token-not-yet-valid",
                        "nbf not after now",
                        Jwt::getNotBefore,
                        begin -> begin == null || begin instanceof Instant instant && begun(instant, clock),
                        "Set the clocks: the token is of the future."),
                new Check(
                        "token-id-missing",
                        "jti of 16 to 64 characters of base64url",
                        Jwt::getId,
                        id -> id instanceof String text
                                && TOKEN_ID.matcher(text).matches(),
                        "Tokens of Countersign have one: see who made this."),
                new Check(
                        "confirmation-malformed",
                        "cnf, if there is one, a JSON object without jkt",
                        token -> token.getClaim("cnf"),
                        // Spring's filter looks into it right after us for a token of DPoP, and fails at other types.
                        cnf -> cnf == null || cnf instanceof Map<?, ?> members && !members.containsKey("jkt"),
                        "Tokens of Countersign have such a one: see who made this."),
                Check.claim(
                        "profile-unknown",
                        "eat_profile",
                        PROFILE,
                        "Register this audience with the dialect ear, not ear-legacy."));
    }

    private static boolean begun(Instant begin, Clock clock) {
        return !begin.isAfter(clock.instant().plus(SKEW_OF_BEGINNINGS));
    }

    @Override
    public Jwt decode(String compact) {
        Jwt token;
        try {
            token = decoder.decode(compact);
        } catch (JwtException e) {
            // What the keys' source found stands behind what Nimbus made of it.
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof RefusedException refused) {
                    throw refused;
                }
            }
            throw Refusal.invalidToken(
                    "token-not-verified",
                    "a JWS of typ eat+jwt, signed with ES256 or ES384 by a key of the issuer",
                    String.valueOf(e.getMessage()),
                    NEW_TOKEN);
        }
        for (Check check : checks) {
            if (!check.isMet(token)) {
                throw Refusal.invalidToken(check.code(), check.expected(), check.foundIn(token), check.hint());
            }
        }
        return token;
    }

    /** Spring makes up an iat, one second before exp, where a token has none. */
    private static Map<String, Object> withoutInventedIssueTime(Map<String, Object> claims) {
        var converted =
                new HashMap<>(MappedJwtClaimSetConverter.withDefaults(Map.of()).convert(claims));
        if (!claims.containsKey("iat")) {
            converted.remove("iat");
        }
        return converted;
    }
}
