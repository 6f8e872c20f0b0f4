package io.countersign.proof;

import java.time.Duration;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/** What Spring Security's resource server verifies bearer tokens with. */
final class SpringSoftware implements RelyingSoftware {
    private final NimbusJwtDecoder decoder;

    SpringSoftware(Setup setup, Terms terms) {
        decoder = switch (setup) {
            case LEAST ->
                NimbusJwtDecoder.withJwkSetUri(terms.publisher().keySet().toString())
                        .jwsAlgorithm(SignatureAlgorithm.ES256)
                        .build();
            case ADVISED -> advised(terms);
        };
    }

    private static NimbusJwtDecoder advised(Terms terms) {
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withIssuerLocation(
                        terms.publisher().issuer())
                .jwsAlgorithm(SignatureAlgorithm.ES256)
                // Its own check knows "JWT" only; the validator below asks for ours.
                .validateType(false)
                .build();
        var times = new JwtTimestampValidator(Duration.ZERO);
        times.setAllowEmptyExpiryClaim(false);
        times.setAllowEmptyNotBeforeClaim(false);
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                new JwtTypeValidator("eat+jwt"),
                times,
                new JwtIssuerValidator(terms.publisher().issuer()),
                new JwtAudienceValidator(terms.audience()),
                new JwtClaimValidator<String>("ear_status", "affirming"::equals),
                new JwtClaimValidator<String>("countersign_policy_id", terms.policy()::equals)));
        return decoder;
    }

    @Override
    public Verdict judge(String token) {
        try {
            decoder.decode(token);
            return new Verdict.Accepted();
        } catch (JwtException e) {
            return new Verdict.Refused(String.valueOf(e.getMessage()));
        }
    }
}
