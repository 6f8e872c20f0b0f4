package io.countersign.examples.kms;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEEncrypter;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import io.countersign.examples.kms.Refusal.RefusedException;
import java.math.BigInteger;
import java.text.ParseException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.springframework.security.oauth2.jwt.Jwt;

/** The key that the token confirms (RFC 7800), which the evidence committed to: the only one that a secret is wrapped to. */
record Recipient(String keyId, JWEAlgorithm algorithm, JWEEncrypter encrypter) {
    private static final String EXPECTED =
            "cnf with a public jwk for encryption: EC on P-256 or P-384, or RSA of 2048 to 8192 bits";
    /** RFC 7518, sections 6.2.2, 6.3.2 and 6.4.1. */
    private static final Set<String> PRIVATE = Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

    private static final BigInteger LEAST_EXPONENT = BigInteger.valueOf(65537);

    static Recipient of(Jwt token) {
        // RFC 7800, section 3.1: one key; any further member would be another.
        if (!(token.getClaim("cnf") instanceof Map<?, ?> cnf)
                || !cnf.keySet().equals(Set.of("jwk"))
                || !(cnf.get("jwk") instanceof Map<?, ?> members)) {
            throw refused("another cnf, or none");
        }
        if (!Collections.disjoint(members.keySet(), PRIVATE)) {
            throw refused("a private key, which whoever saw this token has now");
        }
        try {
            return of(JWK.parse(strings(members)));
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            // A point that is not on its curve ends here, too: Nimbus reads no such key.
            throw refused("a key that cannot be used: " + e.getMessage());
        }
    }

    private static Recipient of(JWK key) throws JOSEException {
        if (key.getKeyUse() != null && !key.getKeyUse().equals(KeyUse.ENCRYPTION)) {
            throw refused("a key for use " + key.getKeyUse());
        }
        Recipient recipient =
                switch (key) {
                    case ECKey ec
                    when ec.getCurve().equals(Curve.P_256) || ec.getCurve().equals(Curve.P_384) ->
                        new Recipient(thumbprint(ec), JWEAlgorithm.ECDH_ES_A256KW, new ECDHEncrypter(ec));
                    case RSAKey rsa
                    when strong(rsa) ->
                        new Recipient(thumbprint(rsa), JWEAlgorithm.RSA_OAEP_256, new RSAEncrypter(rsa));
                    // X25519 too: the JOSE library of this example does it only with a further library.
                    default -> throw refused("a key of another kind or size");
                };
        if (key.getAlgorithm() != null && !key.getAlgorithm().equals(recipient.algorithm())) {
            throw refused("a key for " + key.getAlgorithm());
        }
        return recipient;
    }

    private static boolean strong(RSAKey key) {
        int bits = key.getModulus().decodeToBigInteger().bitLength();
        BigInteger exponent = key.getPublicExponent().decodeToBigInteger();
        return bits >= 2048 && bits <= 8192 && exponent.testBit(0) && exponent.compareTo(LEAST_EXPONENT) >= 0;
    }

    private static String thumbprint(JWK key) throws JOSEException {
        return key.computeThumbprint().toString();
    }

    private static Map<String, Object> strings(Map<?, ?> members) {
        var copy = new HashMap<String, Object>();
        members.forEach((name, value) -> copy.put(String.valueOf(name), value));
        return copy;
    }

    private static RefusedException refused(String found) {
        return Refusal.forbidden(
                "key-unusable", EXPECTED, found, "Attest with such a key, made for this and kept in the machine.");
    }
}
