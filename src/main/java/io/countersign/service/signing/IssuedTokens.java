package io.countersign.service.signing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import java.security.Provider;
import java.text.ParseException;
import java.util.Map;
import java.util.Optional;

/** Recognises tokens that this service signed. Says nothing of whether they are still good. */
public final class IssuedTokens {
    /** What a text turned out to be. */
    public sealed interface Recognition {
        /** Signed with a key that is published now. */
        record Ours(String keyId, Map<String, Object> claims) implements Recognition {}

        /** Anything else. */
        record NotOurs(String why) implements Recognition {}
    }

    private final SigningRing ring;
    private final Provider provider;

    /** Verifies through the given JCA provider. */
    public IssuedTokens(SigningRing ring, Provider provider) {
        this.ring = ring;
        this.provider = provider;
    }

    /** Reads a compact JWS of any origin; never throws. */
    public Recognition recognise(String compact) {
        try {
            JWSObject token = JWSObject.parse(compact);
            Optional<RingKey> key = ring.published().stream()
                    .filter(each -> each.kid().equals(token.getHeader().getKeyID()))
                    .findFirst();
            if (key.isEmpty() || !verifies(token, key.get())) {
                return new Recognition.NotOurs("its signature is of no key that this service publishes now");
            }
            Map<String, Object> claims = token.getPayload().toJSONObject();
            return claims == null
                    ? new Recognition.NotOurs("it holds no claims")
                    : new Recognition.Ours(key.get().kid(), claims);
        } catch (ParseException | JOSEException | IllegalArgumentException _) {
            return new Recognition.NotOurs("it is not a signed token");
        }
    }

    /** The key says the algorithm, never the token: RFC 8725, section 3.1. */
    private boolean verifies(JWSObject token, RingKey key) throws JOSEException {
        if (!key.algorithm().jws().equals(token.getHeader().getAlgorithm())) {
            return false;
        }
        var verifier = new ECDSAVerifier(key.publicJwk());
        verifier.getJCAContext().setProvider(provider);
        return token.verify(verifier);
    }
}
