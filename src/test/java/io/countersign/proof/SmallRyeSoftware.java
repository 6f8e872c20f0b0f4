package io.countersign.proof;

import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.auth.principal.DefaultJWTParser;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.ParseException;
import java.util.Set;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** SmallRye JWT, which Quarkus and other MicroProfile services verify bearer tokens with. */
final class SmallRyeSoftware implements RelyingSoftware {
    private final DefaultJWTParser parser;
    private final Setup setup;
    private final Terms terms;

    SmallRyeSoftware(Setup setup, Terms terms) {
        this.setup = setup;
        this.terms = terms;
        var info = new JWTAuthContextInfo();
        info.setPublicKeyLocation(terms.publisher().keySet().toString());
        info.setSignatureAlgorithm(Set.of(SignatureAlgorithm.ES256));
        if (setup == Setup.ADVISED) {
            info.setIssuedBy(terms.publisher().issuer());
            info.setExpectedAudience(Set.of(terms.audience()));
            info.setRequiredClaims(Set.of("exp", "nbf", "ear_status", "countersign_policy_id"));
            info.setMaxTimeToLiveSecs(300L);
            info.setClockSkew(0);
        }
        parser = new DefaultJWTParser(info);
    }

    @Override
    public Verdict judge(String token) {
        try {
            JsonWebToken claims = parser.parse(token);
            return switch (setup) {
                case LEAST -> new Verdict.Accepted();
                case ADVISED -> further(token, claims);
            };
        } catch (ParseException e) {
            Throwable why = e.getCause() == null ? e : e.getCause();
            return new Verdict.Refused(String.valueOf(why.getMessage()));
        }
    }

    /** What it has no setting for: the type, and the claims of a verdict. */
    private Verdict further(String token, JsonWebToken claims) {
        if (!Jws.of(token).header().path("typ").asText().equals("eat+jwt")) {
            return new Verdict.Refused("not of the type eat+jwt");
        }
        if (!"affirming".equals(claims.getClaim("ear_status"))
                || !terms.policy().equals(claims.getClaim("countersign_policy_id"))) {
            return new Verdict.Refused("not affirming under " + terms.policy());
        }
        return new Verdict.Accepted();
    }
}
