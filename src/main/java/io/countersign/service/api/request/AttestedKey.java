package io.countersign.service.api.request;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import io.countersign.verifier.bytes.Bytes;
import java.math.BigInteger;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The public key that evidence commits to.
 *
 * @param thumbprint RFC 7638 with SHA-256, 32 bytes
 * @param confirmation the JWK as it stands in a token's {@code cnf}: its required members, which the thumbprint covers,
 *     and the thumbprint as {@code kid}; nothing that the evidence does not commit to
 */
public record AttestedKey(Bytes thumbprint, Map<String, Object> confirmation) {
    private static final List<String> READ = List.of("kty", "crv", "x", "y", "n", "e", "kid", "use", "alg");
    private static final List<String> PRIVATE = List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");
    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_RSA_BITS = 8192;

    static AttestedKey read(RequestObject key) throws RequestInvalidException {
        for (String name : PRIVATE) {
            if (key.has(name)) {
                throw new RequestInvalidException(
                        key.pointerTo(name), "this is a private key; send the public half and replace the key");
            }
        }
        key.onlyMembers(READ);
        try {
            JWK jwk = JWK.parse(key.plainMembers());
            judge(key, jwk);
            var members = new LinkedHashMap<String, Object>(jwk.getRequiredParams());
            var thumbprint = jwk.computeThumbprint();
            members.put("kid", thumbprint.toString());
            return new AttestedKey(Bytes.copyOf(thumbprint.decode()), members);
        } catch (ParseException | JOSEException | IllegalArgumentException | IllegalStateException e) {
            throw new RequestInvalidException(key.pointer(), "this is not a public JWK: " + e.getMessage());
        }
    }

    private static void judge(RequestObject key, JWK jwk) throws RequestInvalidException {
        switch (jwk) {
            case ECKey ec when ec.getCurve().equals(Curve.P_256) -> coordinates(key, 32, List.of("x", "y"));
            case ECKey ec when ec.getCurve().equals(Curve.P_384) -> coordinates(key, 48, List.of("x", "y"));
            case OctetKeyPair okp when okp.getCurve().equals(Curve.X25519) -> coordinates(key, 32, List.of("x"));
            case RSAKey rsa -> rsa(key, rsa);
            default ->
                throw new RequestInvalidException(
                        key.pointer(), "an EC P-256 or P-384, OKP X25519 or RSA key was expected");
        }
    }

    /** One key has one thumbprint only if its members have one encoding: RFC 7638, section 7. */
    private static void coordinates(RequestObject key, int length, List<String> names) throws RequestInvalidException {
        for (String name : names) {
            if (!key.has(name) || key.binary(name).orElseThrow().length() != length || notBase64Url(key, name)) {
                throw new RequestInvalidException(
                        key.pointerTo(name), "%d bytes as base64url without padding were expected".formatted(length));
            }
        }
    }

    private static void rsa(RequestObject key, RSAKey rsa) throws RequestInvalidException {
        int bits = rsa.getModulus().decodeToBigInteger().bitLength();
        if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
            throw new RequestInvalidException(
                    key.pointerTo("n"),
                    "an RSA key of %d to %d bits was expected, this one has %d"
                            .formatted(MIN_RSA_BITS, MAX_RSA_BITS, bits));
        }
        BigInteger exponent = rsa.getPublicExponent().decodeToBigInteger();
        if (!exponent.testBit(0) || exponent.compareTo(BigInteger.valueOf(3)) < 0 || exponent.bitLength() > 64) {
            throw new RequestInvalidException(key.pointerTo("e"), "an odd public exponent from 3 was expected");
        }
        for (String name : List.of("n", "e")) {
            if (key.binary(name).orElseThrow().u8(0) == 0 || notBase64Url(key, name)) {
                throw new RequestInvalidException(
                        key.pointerTo(name), "base64url without padding and without leading zeros was expected");
            }
        }
    }

    private static boolean notBase64Url(RequestObject key, String name) throws RequestInvalidException {
        String text = key.requiredText(name);
        return text.indexOf('=') >= 0 || text.indexOf('+') >= 0 || text.indexOf('/') >= 0;
    }
}
