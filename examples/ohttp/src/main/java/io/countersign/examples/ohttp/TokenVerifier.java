package io.countersign.examples.ohttp;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Verifies a token of Countersign as docs/kms.md says, section 3. Missing is refused, for every claim that is looked at. */
final class TokenVerifier {
    private static final int LONGEST_TOKEN = 16 * 1024;
    private static final int LONGEST_DOCUMENT = 256 * 1024;
    /** For beginnings only: an end is an end. */
    private static final Duration SKEW = Duration.ofSeconds(60);

    private final Web web;
    private final Expectations expected;

    /**
     * What a good token says.
     *
     * @param key {@code cnf.jwk}: the key that the hardware's evidence commits to
     * @param expires when the token ends
     */
    record Attested(JWK key, Instant expires) {}

    TokenVerifier(Web web, Expectations expected) {
        this.web = web;
        this.expected = expected;
    }

    Attested verify(String token, Instant now) throws RefusedException, IOException, InterruptedException {
        if (token.length() > LONGEST_TOKEN) {
            throw new RefusedException(
                    "The token is longer than " + LONGEST_TOKEN + " characters; expected one of Countersign");
        }
        try {
            JWSObject signed = JWSObject.parse(token);
            demandSignature(signed);
            return judge(JSONObjectUtils.parse(signed.getPayload().toString()), now);
        } catch (ParseException _) {
            throw new RefusedException(
                    "The token is not a signed JWT; expected a compact JWS from " + expected.issuer());
        }
    }

    private void demandSignature(JWSObject signed)
            throws RefusedException, IOException, InterruptedException, ParseException {
        JWSHeader header = signed.getHeader();
        demand(
                "typ",
                "eat+jwt",
                header.getType() == null ? null : header.getType().getType());
        if (header.getCriticalParams() != null) {
            throw new RefusedException(
                    "The token has critical header members " + header.getCriticalParams() + "; expected none");
        }
        // Only the kid is taken from the header: a key or an address in it would be the sender's own choice.
        ECKey key = keyFor(header);
        try {
            if (!signed.verify(new ECDSAVerifier(key))) {
                throw new RefusedException("The token's signature is not valid for key " + header.getKeyID() + " of "
                        + expected.issuer() + "; it was altered or forged");
            }
        } catch (JOSEException _) {
            throw new RefusedException("The token's signature cannot be verified with key " + header.getKeyID() + " of "
                    + expected.issuer());
        }
    }

    private ECKey keyFor(JWSHeader header) throws RefusedException, IOException, InterruptedException, ParseException {
        JWK key = header.getKeyID() == null ? null : publishedKeys().getKeyByKeyId(header.getKeyID());
        if (!(key instanceof ECKey ec)) {
            throw new RefusedException("The token names the key " + header.getKeyID() + ", which " + expected.issuer()
                    + " does not publish as an EC key; fetch the token again");
        }
        // The algorithm follows from the key, never from the token.
        JWSAlgorithm algorithm = Curve.P_384.equals(ec.getCurve()) ? JWSAlgorithm.ES384 : JWSAlgorithm.ES256;
        demand("alg", algorithm.getName(), header.getAlgorithm().getName());
        return ec;
    }

    /** Fetched for each check. Whoever checks often keeps the keys as long as their Cache-Control allows. */
    private JWKSet publishedKeys() throws RefusedException, IOException, InterruptedException, ParseException {
        Map<String, Object> discovery = document(URI.create(expected.issuer() + "/.well-known/openid-configuration"));
        // OpenID Connect Discovery 1.0, section 4.3: identical, or it is somebody else's.
        if (!expected.issuer().toString().equals(discovery.get("issuer"))) {
            throw new RefusedException("The discovery document below " + expected.issuer() + " is of issuer "
                    + discovery.get("issuer") + "; expected the same, character by character");
        }
        if (!(discovery.get("jwks_uri") instanceof String place)) {
            throw new RefusedException("The discovery document of " + expected.issuer() + " has no jwks_uri");
        }
        try {
            return JWKSet.parse(document(URI.create(place)));
        } catch (IllegalArgumentException e) {
            throw new RefusedException("The jwks_uri of " + expected.issuer() + " cannot be used: " + e.getMessage());
        }
    }

    private Map<String, Object> document(URI address) throws IOException, InterruptedException {
        String text = new String(web.get(address, "application/json", LONGEST_DOCUMENT), StandardCharsets.UTF_8);
        try {
            return JSONObjectUtils.parse(text);
        } catch (ParseException _) {
            throw new IOException(address + " is not a JSON object");
        }
    }

    private Attested judge(Map<String, Object> claims, Instant now) throws RefusedException {
        demand("iss", expected.issuer().toString(), claims.get("iss"));
        demand("aud", expected.audience(), claims.get("aud"));
        Instant expires = time(claims, "exp");
        if (!now.isBefore(expires)) {
            throw new RefusedException("The token ended at " + expires + " and it is " + now
                    + "; fetch it again, and if it stays the same, the gateway no longer attests itself");
        }
        for (String beginning : new String[] {"nbf", "iat"}) {
            if (time(claims, beginning).isAfter(now.plus(SKEW))) {
                throw new RefusedException("The token's " + beginning + " is " + time(claims, beginning) + " and it is "
                        + now + "; compare the clocks");
            }
        }
        demand("ear_status", "affirming", claims.get("ear_status"));
        demand("countersign_policy_id", expected.policyId(), claims.get("countersign_policy_id"));
        if (expected.policyDigest().isPresent()) {
            demand("countersign_policy_digest", expected.policyDigest().get(), claims.get("countersign_policy_digest"));
        }
        demand("countersign_workload", "pinned", claims.get("countersign_workload"));
        demand("countersign_key_bound", true, claims.get("countersign_key_bound"));
        if (claims.containsKey("countersign_insecure") && expected.machines() == Expectations.Machines.PRODUCTION) {
            throw new RefusedException("The token is a laboratory's (countersign_insecure); expected genuine hardware");
        }
        return new Attested(attestedKey(claims), expires);
    }

    private static JWK attestedKey(Map<String, Object> claims) throws RefusedException {
        try {
            Map<String, Object> confirmation = JSONObjectUtils.getJSONObject(claims, "cnf");
            Map<String, Object> jwk = confirmation == null ? null : JSONObjectUtils.getJSONObject(confirmation, "jwk");
            if (jwk == null) {
                throw new RefusedException("The token has no cnf.jwk; expected the key that the evidence commits to");
            }
            JWK key = JWK.parse(jwk);
            if (key.isPrivate()) {
                throw new RefusedException("The token's cnf.jwk is a private key, which everyone has read by now");
            }
            return key;
        } catch (ParseException _) {
            throw new RefusedException("The token's cnf.jwk is not a JWK; expected EC P-256, EC P-384 or OKP X25519");
        }
    }

    private static Instant time(Map<String, Object> claims, String claim) throws RefusedException {
        // EAT (RFC 9711) allows whole seconds only.
        if (claims.get(claim) instanceof Long seconds && seconds >= 0 && seconds <= Instant.MAX.getEpochSecond() - 1) {
            return Instant.ofEpochSecond(seconds);
        }
        throw new RefusedException(
                "The token's " + claim + " is " + claims.get(claim) + "; expected seconds since 1970");
    }

    private static void demand(String what, Object expected, @Nullable Object actual) throws RefusedException {
        if (!expected.equals(actual)) {
            throw new RefusedException(
                    "The token's " + what + " is " + (actual == null ? "absent" : actual) + "; expected " + expected);
        }
    }
}
