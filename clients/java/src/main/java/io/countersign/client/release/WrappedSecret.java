package io.countersign.client.release;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEDecrypter;
import com.nimbusds.jose.JWEEncrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.crypto.RSADecrypter;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import io.countersign.client.AttestedKey;
import io.countersign.client.Bytes;
import io.countersign.client.StrictJson;
import io.countersign.client.StrictJson.NotStrictException;
import io.countersign.client.token.VerifiedToken;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Optional;
import java.util.Set;

/**
 * A secret in a compact JWE to the attested key. Its protected header names the secret, the token and the policy's digest, and is
 * authenticated with the content (RFC 7516, section 5.1, step 14): no release can be passed off as another.
 */
public final class WrappedSecret {
    private static final int MAX_LENGTH = 256 * 1024;
    private static final int LEAST_RSA_BITS = 2048;
    private static final int MOST_RSA_BITS = 8192;
    private static final String SECRET = "secret";
    private static final String TOKEN_ID = "jti";
    private static final String POLICY_DIGEST = "countersign_policy_digest";
    /** What decryption would have to understand, or what would inflate without a bound (zip). */
    private static final Set<String> REFUSED_MEMBERS =
            Set.of("zip", "crit", "jwk", "jku", "x5u", "x5c", "p2s", "p2c", "b64");

    private WrappedSecret() {}

    /** What the header must say for a secret to be the one that was asked for. */
    public record Context(SecretName name, String tokenId, String policyDigest) {}

    /** What unwrapping came to. */
    public sealed interface Opened {
        record Secret(Bytes content) implements Opened {}

        /** The JWE is not the one that was asked for, or not of a kind that is taken. */
        record Refused(String expected, String found, String hint) implements Opened {}
    }

    /** What wrapping came to. */
    public sealed interface Closed {
        record Jwe(String compact) implements Closed {}

        record Refused(String expected, String found, String hint) implements Closed {}
    }

    /** For the KMS. Only a verified token has a key to wrap to. */
    public static Closed wrap(Bytes secret, SecretName name, VerifiedToken token) {
        Optional<JWK> key = token.confirmationKey().flatMap(WrappedSecret::usable);
        if (key.isEmpty()) {
            return new Closed.Refused(
                    "cnf with a public key: EC on P-256 or P-384, or RSA of 2048 to 8192 bits",
                    token.confirmationKey().isEmpty() ? "no key" : "a key of another kind or size",
                    "attest with such a key; X25519 needs a further library");
        }
        try {
            String keyId = key.get().computeThumbprint().toString();
            var header = new JWEHeader.Builder(algorithm(key.get()), EncryptionMethod.A256GCM)
                    .keyID(keyId)
                    .customParam(SECRET, name.text())
                    .customParam(TOKEN_ID, token.id())
                    .customParam(POLICY_DIGEST, token.policyDigest())
                    .build();
            var jwe = new JWEObject(header, new Payload(secret.toByteArray()));
            jwe.encrypt(encrypter(key.get()));
            return new Closed.Jwe(jwe.serialize());
        } catch (JOSEException e) {
            throw new IllegalStateException("a key that was checked does not encrypt", e);
        }
    }

    /** For the machine. */
    public static Opened open(String compact, AttestedKey key, Context asked) {
        try {
            if (compact.length() > MAX_LENGTH) {
                return refused("at most " + MAX_LENGTH + " characters", compact.length() + " characters");
            }
            // Read here first: what another reading would take for a header never reaches decryption.
            Optional<Bytes> header =
                    Bytes.ofCanonicalBase64Url(compact.substring(0, Math.max(0, compact.indexOf('.'))));
            if (header.isEmpty()) {
                return notAJwe();
            }
            Optional<Opened> objection = objection(
                    StrictJson.object(new String(header.get().toByteArray(), StandardCharsets.UTF_8)), key, asked);
            if (objection.isPresent()) {
                return objection.get();
            }
            JWEObject jwe = JWEObject.parse(compact);
            jwe.decrypt(decrypter(key.pair()));
            return new Opened.Secret(Bytes.of(jwe.getPayload().toBytes()));
        } catch (NotStrictException e) {
            return refused("a header with each member once", String.valueOf(e.getMessage()));
        } catch (ParseException | IllegalArgumentException e) {
            return notAJwe();
        } catch (JOSEException | IllegalStateException e) {
            return new Opened.Refused(
                    "a secret wrapped to the key " + key.thumbprint().base64Url(),
                    "a JWE that this key does not open",
                    "attest with the key that is kept here; a KMS wraps to the key in the token");
        }
    }

    private static Optional<Opened> objection(ObjectNode header, AttestedKey key, Context asked) {
        for (var member : header.properties()) {
            if (REFUSED_MEMBERS.contains(member.getKey())) {
                return Optional.of(refused("a header without " + member.getKey(), member.getKey() + " in it"));
            }
        }
        return differs(header, "alg", algorithm(key.pair()).getName())
                .or(() -> differs(header, "enc", EncryptionMethod.A256GCM.getName()))
                .or(() -> differs(header, SECRET, asked.name().text()))
                .or(() -> differs(header, TOKEN_ID, asked.tokenId()))
                .or(() -> differs(header, POLICY_DIGEST, asked.policyDigest()));
    }

    private static Optional<Opened> differs(ObjectNode header, String member, String expected) {
        String found = StrictJson.text(header, member).orElse("none");
        return found.equals(expected)
                ? Optional.empty()
                : Optional.of(refused(member + " " + expected, io.countersign.client.Plain.line(found)));
    }

    private static Opened notAJwe() {
        return refused("a compact JWE (RFC 7516)", "something else");
    }

    private static Opened refused(String expected, String found) {
        return new Opened.Refused(
                expected, found, "do not use this answer; find out what the KMS, or who stands before it, answers");
    }

    /** Public and of a kind that is taken; a point that is not on its curve is no key to Nimbus. */
    private static Optional<JWK> usable(java.util.Map<String, Object> members) {
        try {
            JWK key = JWK.parse(StrictJson.write(members));
            boolean curve =
                    key instanceof ECKey ec && Set.of(Curve.P_256, Curve.P_384).contains(ec.getCurve());
            boolean size = key instanceof RSAKey && key.size() >= LEAST_RSA_BITS && key.size() <= MOST_RSA_BITS;
            return !key.isPrivate() && (curve || size) ? Optional.of(key) : Optional.empty();
        } catch (ParseException | IllegalArgumentException ignored) {
            return Optional.empty();
        }
    }

    private static JWEAlgorithm algorithm(JWK key) {
        return key instanceof RSAKey ? JWEAlgorithm.RSA_OAEP_256 : JWEAlgorithm.ECDH_ES_A256KW;
    }

    private static JWEEncrypter encrypter(JWK key) throws JOSEException {
        return key instanceof RSAKey rsa ? new RSAEncrypter(rsa) : new ECDHEncrypter(key.toECKey());
    }

    private static JWEDecrypter decrypter(JWK key) throws JOSEException {
        return key instanceof RSAKey rsa ? new RSADecrypter(rsa) : new ECDHDecrypter(key.toECKey());
    }
}
