package io.countersign.client.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import io.countersign.client.StrictJson;
import io.countersign.client.StrictJson.NotStrictException;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A JWK set (RFC 7517, section 5), reduced to what our tokens are signed with: P-256 and P-384 keys for signatures, by id. */
record KeySet(Map<String, ECKey> byId) implements Keys {
    private static final int MAX_KEYS = 100;
    private static final Set<Curve> CURVES = Set.of(Curve.P_256, Curve.P_384);

    KeySet {
        byId = Map.copyOf(byId);
    }

    /** Keys of other kinds are left out; a set in which two keys have one id is refused whole. */
    static KeySet read(JsonNode document) throws NotReadableException {
        JsonNode keys = document.path("keys");
        if (!keys.isArray() || keys.size() > MAX_KEYS) {
            throw new NotReadableException("it has no list of at most " + MAX_KEYS + " keys");
        }
        var byId = new LinkedHashMap<String, ECKey>();
        for (JsonNode each : keys) {
            if (StrictJson.text(each, "kty").filter("EC"::equals).isPresent()) {
                ECKey key = parse(each);
                if (isForSignatures(key) && byId.put(key.getKeyID(), key) != null) {
                    throw new NotReadableException("two of its keys have the id " + key.getKeyID());
                }
            }
        }
        return new KeySet(byId);
    }

    static KeySet read(String text) throws NotReadableException {
        try {
            return read(StrictJson.object(text));
        } catch (NotStrictException e) {
            throw new NotReadableException("it is " + e.getMessage());
        }
    }

    /** Refuses points that are not on their curve, as Nimbus reads no such key. */
    private static ECKey parse(JsonNode jwk) throws NotReadableException {
        try {
            ECKey key = ECKey.parse(StrictJson.write(jwk));
            key.toECPublicKey();
            return key;
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            throw new NotReadableException("one of its keys is none: " + e.getMessage());
        }
    }

    private static boolean isForSignatures(ECKey key) {
        return key.getKeyID() != null
                && CURVES.contains(key.getCurve())
                && !key.isPrivate()
                && (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE))
                && (key.getAlgorithm() == null || key.getAlgorithm().getName().equals(algorithm(key)));
    }

    /** RFC 7518, section 3.4: the curve decides the algorithm, never the token. */
    static String algorithm(ECKey key) {
        return key.getCurve().equals(Curve.P_384) ? "ES384" : "ES256";
    }

    /** Bytes of a coordinate, of which a signature has two. */
    static int coordinateLength(ECKey key) {
        return key.getCurve().equals(Curve.P_384) ? 48 : 32;
    }

    @Override
    public Lookup find(String keyId) {
        ECKey key = byId.get(keyId);
        return key == null ? new Lookup.Unknown(byId.keySet()) : new Lookup.Found(key);
    }

    /** The document is no key set that can be used. */
    static final class NotReadableException extends Exception {
        private static final long serialVersionUID = 1L;

        NotReadableException(String message) {
            super(message);
        }
    }
}
