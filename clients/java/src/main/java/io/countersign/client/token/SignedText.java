package io.countersign.client.token;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import io.countersign.client.Bytes;
import io.countersign.client.StrictJson;
import io.countersign.client.StrictJson.NotStrictException;
import io.countersign.client.token.Refusal.Code;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A JWS in compact form (RFC 7515, section 7.1), read once and verified over the very bytes that were read. */
final class SignedText {
    /** Ours stay under 4 kB; twice that with every detail. */
    private static final int MAX_LENGTH = 16 * 1024;

    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9_-]+)\\.([A-Za-z0-9_-]+)\\.([A-Za-z0-9_-]*)");
    private static final Set<String> ALGORITHMS = Set.of("ES256", "ES384");
    /**
     * Our tokens never have these: keys, or where to fetch them, by whoever wrote the token (RFC 8725, section 3.10); another
     * encoding of what is signed; a nested token; and what must be understood and is not (RFC 7515, section 4.1.11).
     */
    private static final Set<String> REFUSED_MEMBERS = Set.of("jwk", "jku", "x5u", "x5c", "b64", "cty", "zip", "crit");

    private static final String ATTEST_AGAIN = "take a token as Countersign gave it, and send it unchanged";

    private final String signedPart;
    private final Bytes signature;
    private final String algorithm;
    private final String keyId;
    private final ObjectNode payload;

    private SignedText(String signedPart, Bytes signature, String algorithm, String keyId, ObjectNode payload) {
        this.signedPart = signedPart;
        this.signature = signature;
        this.algorithm = algorithm;
        this.keyId = keyId;
        this.payload = payload;
    }

    static SignedText read(String compact, String type) throws RefusedException {
        Matcher parts = FORM.matcher(compact);
        if (compact.length() > MAX_LENGTH || !parts.matches()) {
            throw new RefusedException(
                    Code.TOKEN_MALFORMED,
                    "three parts of base64url, at most " + MAX_LENGTH + " characters",
                    compact.length() + " characters of another form",
                    ATTEST_AGAIN);
        }
        ObjectNode header = json("header", parts.group(1));
        String algorithm = StrictJson.text(header, "alg").orElse("none named");
        if (!ALGORITHMS.contains(algorithm)) {
            throw new RefusedException(
                    Code.ALGORITHM_REFUSED, "ES256 or ES384", algorithm, "this token is not Countersign's");
        }
        String typ = StrictJson.text(header, "typ").orElse("none");
        if (!typ.equals(type)) {
            throw new RefusedException(
                    Code.TOKEN_TYPE_WRONG,
                    "typ " + type,
                    typ,
                    "if the audience is registered with another typ, tell this verifier which");
        }
        for (var member : header.properties()) {
            if (REFUSED_MEMBERS.contains(member.getKey())) {
                throw new RefusedException(
                        Code.HEADER_REFUSED,
                        "a header without " + member.getKey(),
                        member.getKey() + " in it",
                        "this token is not Countersign's");
            }
        }
        String keyId = StrictJson.text(header, "kid")
                .orElseThrow(() -> new RefusedException(
                        Code.KEY_UNKNOWN, "the id of a published key", "no kid", "this token is not Countersign's"));
        return new SignedText(
                compact.substring(0, parts.end(2)),
                bytes("signature", parts.group(3)),
                algorithm,
                keyId,
                json("payload", parts.group(2)));
    }

    void verify(Keys keys) throws RefusedException {
        Keys.Lookup lookup = keys.find(keyId);
        if (lookup instanceof Keys.Lookup.Unavailable unavailable) {
            throw new RefusedException(
                    Code.KEYS_UNAVAILABLE, "the issuer's key set", unavailable.why(), unavailable.hint());
        }
        if (lookup instanceof Keys.Lookup.Unknown unknown) {
            throw new RefusedException(
                    Code.KEY_UNKNOWN,
                    "one of the published keys " + unknown.known(),
                    keyId,
                    "attest again: the key was withdrawn, or the token is of another service");
        }
        ECKey key = ((Keys.Lookup.Found) lookup).key();
        // RFC 8725, section 3.1: what the key is for decides, and the token only agrees.
        if (!KeySet.algorithm(key).equals(algorithm)) {
            throw new RefusedException(
                    Code.ALGORITHM_REFUSED,
                    KeySet.algorithm(key) + ", as the key is for that",
                    algorithm,
                    "this token is not Countersign's");
        }
        if (!isSignedBy(key)) {
            throw new RefusedException(
                    Code.SIGNATURE_INVALID,
                    "a signature by the key " + keyId,
                    "one that does not verify",
                    ATTEST_AGAIN);
        }
    }

    private boolean isSignedBy(ECKey key) {
        if (signature.length() != 2 * KeySet.coordinateLength(key)) {
            return false;
        }
        try {
            return new ECDSAVerifier(key)
                    .verify(
                            new JWSHeader(JWSAlgorithm.parse(KeySet.algorithm(key))),
                            signedPart.getBytes(StandardCharsets.US_ASCII),
                            Base64URL.encode(signature.toByteArray()));
        } catch (JOSEException ignored) {
            return false;
        }
    }

    String keyId() {
        return keyId;
    }

    ObjectNode payload() {
        return payload;
    }

    private static ObjectNode json(String part, String base64Url) throws RefusedException {
        try {
            return StrictJson.object(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(part, base64Url).toByteArray()))
                    .toString());
        } catch (NotStrictException | CharacterCodingException e) {
            throw new RefusedException(
                    Code.TOKEN_MALFORMED,
                    "a " + part + " that is a JSON object with each member once",
                    String.valueOf(e.getMessage()),
                    ATTEST_AGAIN);
        }
    }

    private static Bytes bytes(String part, String base64Url) throws RefusedException {
        return Bytes.ofCanonicalBase64Url(base64Url)
                .orElseThrow(() -> new RefusedException(
                        Code.TOKEN_MALFORMED, "a " + part + " in base64url", "another encoding", ATTEST_AGAIN));
    }
}
