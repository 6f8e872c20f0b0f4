package io.countersign.service.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the tokens by which one issuer names callers. Everything about them is exact: RFC 8725, section 3. */
public final class IssuerTokens {
    private static final Set<JWSAlgorithm> ALGORITHMS =
            Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256, JWSAlgorithm.ES384);

    /** RFC 9068, section 2.1, for the second; Kubernetes leaves it out. */
    private static final Set<JOSEObjectType> TYPES = Set.of(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"));

    private static final int LEAST_RSA_BITS = 2048;

    /** Clocks differ; the ends of tokens are kept to the second. */
    private static final Duration EARLY = Duration.ofSeconds(60);

    /** What a credential turned out to be. */
    public sealed interface Judged {
        /** A good token; who its {@code sub} is. */
        record Subject(String sub) implements Judged {}

        record Refused(Refusal why) implements Judged {}
    }

    /**
     * What tokens must say.
     *
     * @param issuer their {@code iss}
     * @param audience what stands in their {@code aud}
     */
    public record Terms(String issuer, String audience) {}

    /** Recognises tokens that this service made: they go to whoever was attested, and must never open a door here. */
    public interface Ours {
        Origin of(String compact);
    }

    /** Who made a token. */
    public enum Origin {
        THIS_SERVICE,
        ELSEWHERE
    }

    private final Terms terms;
    private final IssuerKeys keys;
    private final Ours ours;
    private final InstantSource clock;

    public IssuerTokens(Terms terms, IssuerKeys keys, Ours ours, InstantSource clock) {
        this.terms = terms;
        this.keys = keys;
        this.ours = ours;
        this.clock = clock;
    }

    /** Judges a compact JWS of any origin; never throws. */
    Judged judge(String compact) {
        try {
            JWSObject token = JWSObject.parse(compact);
            Map<String, Object> members = token.getPayload().toJSONObject();
            if (members == null) {
                return new Judged.Refused(Refusal.TOKEN_MALFORMED);
            }
            JWTClaimsSet claims = JWTClaimsSet.parse(members);
            Optional<Refusal> unsigned = before(token, members, claims, compact);
            return unsigned.<Judged>map(Judged.Refused::new).orElseGet(() -> signed(token, claims));
        } catch (ParseException | IllegalArgumentException | IllegalStateException _) {
            return new Judged.Refused(Refusal.TOKEN_MALFORMED);
        }
    }

    /** What needs no key: whoever sends what cannot be good makes nobody ask the issuer. */
    private Optional<Refusal> before(
            JWSObject token, Map<String, Object> members, JWTClaimsSet claims, String compact) {
        JWSHeader header = token.getHeader();
        if (saysItIsOurs(header, members) || ours.of(compact) == Origin.THIS_SERVICE) {
            return Optional.of(Refusal.TOKEN_OURS);
        }
        boolean known = ALGORITHMS.contains(header.getAlgorithm())
                && (header.getType() == null || TYPES.contains(header.getType()))
                // RFC 7515, section 4.1.11: what must be understood, and is not, makes the token invalid.
                && header.getCriticalParams() == null;
        if (!known) {
            return Optional.of(Refusal.TOKEN_ALGORITHM);
        }
        if (header.getKeyID() == null || header.getKeyID().isEmpty()) {
            return Optional.of(Refusal.TOKEN_KEY);
        }
        return terms.issuer().equals(claims.getIssuer()) ? Optional.empty() : Optional.of(Refusal.TOKEN_ISSUER);
    }

    /** By what it says too: a token of another Countersign names a machine just as well. */
    private static boolean saysItIsOurs(JWSHeader header, Map<String, Object> members) {
        return header.getType() != null && header.getType().toString().equalsIgnoreCase("eat+jwt")
                || members.keySet().stream()
                        .anyMatch(name -> name.equals("eat_profile") || name.startsWith("countersign_"));
    }

    private Judged signed(JWSObject token, JWTClaimsSet claims) {
        return switch (keys.named(token.getHeader().getKeyID())) {
            case IssuerKeys.Answer.Unavailable _ -> new Judged.Refused(Refusal.ISSUER_UNAVAILABLE);
            case IssuerKeys.Answer.Unknown _ -> new Judged.Refused(Refusal.TOKEN_KEY);
            case IssuerKeys.Answer.Found(var named) ->
                named.stream().anyMatch(key -> verifies(token, key))
                        ? claimed(claims)
                        : new Judged.Refused(Refusal.TOKEN_SIGNATURE);
        };
    }

    private Judged claimed(JWTClaimsSet claims) {
        if (!claims.getAudience().contains(terms.audience())) {
            return new Judged.Refused(Refusal.TOKEN_AUDIENCE);
        }
        Instant now = clock.instant();
        Instant soon = now.plus(EARLY);
        boolean inTime = claims.getExpirationTime() != null
                && now.isBefore(claims.getExpirationTime().toInstant())
                && (claims.getNotBeforeTime() == null
                        || !claims.getNotBeforeTime().toInstant().isAfter(soon))
                && (claims.getIssueTime() == null
                        || !claims.getIssueTime().toInstant().isAfter(soon));
        if (!inTime) {
            return new Judged.Refused(Refusal.TOKEN_TIME);
        }
        String subject = claims.getSubject();
        return subject == null || subject.isEmpty()
                ? new Judged.Refused(Refusal.SUBJECT_UNKNOWN)
                : new Judged.Subject(subject);
    }

    /** The key says which algorithms there can be, never the token: RFC 8725, section 3.1. */
    private static boolean verifies(JWSObject token, JWK key) {
        JWSAlgorithm algorithm = token.getHeader().getAlgorithm();
        boolean forSignatures = key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE);
        boolean forThisAlgorithm =
                key.getAlgorithm() == null || key.getAlgorithm().equals(algorithm);
        try {
            Optional<JWSVerifier> verifier =
                    forSignatures && forThisAlgorithm ? verifier(algorithm, key) : Optional.empty();
            return verifier.isPresent() && token.verify(verifier.get());
        } catch (JOSEException | IllegalStateException _) {
            return false;
        }
    }

    private static Optional<JWSVerifier> verifier(JWSAlgorithm algorithm, JWK key) throws JOSEException {
        boolean rsa = algorithm.equals(JWSAlgorithm.RS256) || algorithm.equals(JWSAlgorithm.PS256);
        if (rsa && key instanceof RSAKey ofRsa && ofRsa.size() >= LEAST_RSA_BITS) {
            return Optional.of(new RSASSAVerifier(ofRsa));
        }
        Curve curve = algorithm.equals(JWSAlgorithm.ES256) ? Curve.P_256 : Curve.P_384;
        if (!rsa && key instanceof ECKey ofCurve && ofCurve.getCurve().equals(curve)) {
            return Optional.of(new ECDSAVerifier(ofCurve));
        }
        return Optional.empty();
    }
}
