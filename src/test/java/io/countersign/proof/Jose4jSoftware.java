package io.countersign.proof;

import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.Validator;
import org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver;

/** jose4j with its reader of key sets. */
final class Jose4jSoftware implements RelyingSoftware {
    private final JwtConsumer consumer;

    Jose4jSoftware(Setup setup, Terms terms) {
        var keys = new HttpsJwks(terms.publisher().keySet().toString());
        // It asks for an audience of itself: a token that names one is refused while none is expected.
        var builder = new JwtConsumerBuilder()
                .setVerificationKeyResolver(new HttpsJwksVerificationKeyResolver(keys))
                .setExpectedAudience(terms.audience());
        consumer = switch (setup) {
            case LEAST -> builder.build();
            case ADVISED ->
                builder.setJwsAlgorithmConstraints(ConstraintType.PERMIT, "ES256")
                        .setExpectedType(true, "eat+jwt")
                        .setExpectedIssuer(terms.publisher().issuer())
                        .setRequireExpirationTime()
                        .setRequireNotBefore()
                        .registerValidator((Validator) context -> saysOtherThan(terms, context.getJwtClaims()))
                        .build();
        };
    }

    /** A complaint, or null as jose4j wants it. */
    @SuppressWarnings("NullAway") // jose4j's contract: null says that there is nothing to complain about.
    private static String saysOtherThan(Terms terms, JwtClaims claims) throws MalformedClaimException {
        boolean affirming = "affirming".equals(claims.getStringClaimValue("ear_status"));
        boolean ours = terms.policy().equals(claims.getStringClaimValue("countersign_policy_id"));
        return affirming && ours ? null : "not affirming under " + terms.policy();
    }

    @Override
    public Verdict judge(String token) {
        try {
            consumer.processToClaims(token);
            return new Verdict.Accepted();
        } catch (InvalidJwtException e) {
            return new Verdict.Refused(String.valueOf(e.getMessage()));
        }
    }
}
