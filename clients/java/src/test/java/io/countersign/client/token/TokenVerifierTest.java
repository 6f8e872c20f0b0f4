package io.countersign.client.token;

import static io.countersign.client.testkit.TokenMaker.AUDIENCE;
import static io.countersign.client.testkit.TokenMaker.DIGEST;
import static io.countersign.client.testkit.TokenMaker.NONCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.util.Base64URL;
import io.countersign.client.Bytes;
import io.countersign.client.StrictJson;
import io.countersign.client.testkit.TokenMaker;
import io.countersign.client.token.Refusal.Code;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {
    private static final String ISSUER = "https://countersign.example";
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final TokenMaker MAKER = new TokenMaker(ISSUER, Curve.P_256);
    private static final TokenMaker MAKER384 = new TokenMaker(ISSUER, Curve.P_384);
    private static final TokenMaker STRANGER = new TokenMaker(ISSUER, Curve.P_256);

    private static TokenVerifier verifierAt(Instant now) {
        return TokenVerifier.withKeys(ISSUER, AUDIENCE, TokenMaker.jwks(MAKER, MAKER384), InstantSource.fixed(now));
    }

    private static final TokenVerifier VERIFIER = verifierAt(NOW);

    private static String tokenWith(Consumer<Map<String, Object>> change) {
        Map<String, Object> claims = MAKER.claims(NOW);
        change.accept(claims);
        return MAKER.sign(claims);
    }

    private static void refused(Code code, String token) {
        refused(code, VERIFIER, token);
    }

    private static void refused(Code code, TokenVerifier verifier, String token) {
        Verdict verdict = verifier.verify(token);
        assertEquals(
                code,
                assertInstanceOf(Verdict.Refused.class, verdict, verdict.toString())
                        .refusal()
                        .code(),
                verdict.toString());
    }

    private static VerifiedToken accepted(TokenVerifier verifier, String token) {
        Verdict verdict = verifier.verify(token);
        return assertInstanceOf(Verdict.Accepted.class, verdict, verdict.toString())
                .token();
    }

    @Test
    void acceptsAGoodTokenAndTellsWhatItSays() {
        VerifiedToken token = accepted(VERIFIER, MAKER.sign(MAKER.claims(NOW)));
        assertEquals("payments", token.policyId());
        assertEquals(DIGEST, token.policyDigest());
        assertEquals("sev-snp", token.tee());
        assertEquals(1, token.gpuCount());
        assertEquals(NONCE, token.nonce());
        assertEquals(NOW.plusSeconds(300), token.expiresAt());
        assertEquals(MAKER.key().getKeyID(), token.keyId());
        assertEquals(java.util.Optional.empty(), token.confirmationKey());
    }

    @Test
    void acceptsEs384() {
        accepted(VERIFIER, MAKER384.sign(MAKER384.claims(NOW)));
    }

    /** One thing wrong at a time. */
    @TestFactory
    Stream<DynamicTest> refusesEachDefectWithItsOwnCode() {
        Map<String, Map.Entry<Code, String>> defects = new LinkedHashMap<>();
        defects.put("no token", Map.entry(Code.TOKEN_MALFORMED, ""));
        defects.put("two parts", Map.entry(Code.TOKEN_MALFORMED, "YQ.YQ"));
        defects.put("four parts", Map.entry(Code.TOKEN_MALFORMED, "YQ.YQ.YQ.YQ"));
        defects.put("very long", Map.entry(Code.TOKEN_MALFORMED, "YQ." + "A".repeat(20_000) + ".YQ"));
        defects.put("line end", Map.entry(Code.TOKEN_MALFORMED, good() + "\n"));
        defects.put("header no JSON", Map.entry(Code.TOKEN_MALFORMED, "YQ.YQ.YQ"));
        defects.put("alg none", Map.entry(Code.ALGORITHM_REFUSED, unsigned()));
        defects.put("HS256 with the public key", Map.entry(Code.ALGORITHM_REFUSED, hmac()));
        defects.put("alg of another curve", Map.entry(Code.ALGORITHM_REFUSED, headerWith("ES384", "\"eat+jwt\"", "")));
        defects.put("typ JWT", Map.entry(Code.TOKEN_TYPE_WRONG, headerWith("ES256", "\"JWT\"", "")));
        defects.put("typ at+jwt", Map.entry(Code.TOKEN_TYPE_WRONG, headerWith("ES256", "\"at+jwt\"", "")));
        defects.put("no typ", Map.entry(Code.TOKEN_TYPE_WRONG, headerWith("ES256", "null", "")));
        for (String member : List.of("jwk", "jku", "x5u", "x5c", "crit", "b64", "zip", "cty")) {
            defects.put(
                    "header member " + member,
                    Map.entry(
                            Code.HEADER_REFUSED,
                            headerWith("ES256", "\"eat+jwt\"", ", \"" + member + "\": [\"exp\"]")));
        }
        defects.put(
                "duplicate header member",
                Map.entry(Code.TOKEN_MALFORMED, headerWith("ES256", "\"eat+jwt\"", ", \"alg\": \"ES256\"")));
        defects.put(
                "no kid",
                Map.entry(
                        Code.KEY_UNKNOWN,
                        MAKER.signRaw(
                                "{\"alg\": \"ES256\", \"typ\": \"eat+jwt\"}", StrictJson.write(MAKER.claims(NOW)))));
        defects.put("kid of nobody", Map.entry(Code.KEY_UNKNOWN, STRANGER.sign(STRANGER.claims(NOW))));
        defects.put(
                "another's signature under our kid",
                Map.entry(
                        Code.SIGNATURE_INVALID,
                        STRANGER.sign(MAKER.header().build(), StrictJson.write(MAKER.claims(NOW)))));
        defects.put(
                "no signature",
                Map.entry(
                        Code.TOKEN_MALFORMED,
                        good().replaceAll("\\.[^.]+$", ".").replaceAll("\\.$", ".=")));
        defects.put("empty signature", Map.entry(Code.SIGNATURE_INVALID, good().replaceAll("[^.]+$", "")));
        defects.put(
                "signature of zeros",
                Map.entry(
                        Code.SIGNATURE_INVALID,
                        good().replaceAll("[^.]+$", Bytes.of(new byte[64]).base64Url())));
        defects.put("payload changed", Map.entry(Code.SIGNATURE_INVALID, payloadChanged()));
        defects.put(
                "duplicate claim",
                Map.entry(
                        Code.TOKEN_MALFORMED,
                        MAKER.sign(
                                MAKER.header().build(),
                                StrictJson.write(MAKER.claims(NOW)).replaceFirst("\\{", "{\"exp\":9999999999,"))));
        defects.put(
                "payload an array",
                Map.entry(Code.TOKEN_MALFORMED, MAKER.sign(MAKER.header().build(), "[]")));
        defects.put("issuer", Map.entry(Code.ISSUER_WRONG, tokenWith(claims -> claims.put("iss", ISSUER + "/"))));
        defects.put(
                "audience", Map.entry(Code.AUDIENCE_WRONG, tokenWith(claims -> claims.put("aud", "https://other"))));
        defects.put(
                "audience in a list",
                Map.entry(
                        Code.CLAIM_MALFORMED,
                        tokenWith(claims -> claims.put("aud", List.of(AUDIENCE, "https://other")))));
        defects.put("expired", Map.entry(Code.EXPIRED, tokenWith(claims -> claims.put("exp", NOW.getEpochSecond()))));
        defects.put(
                "nbf in the future",
                Map.entry(Code.NOT_YET_VALID, tokenWith(claims -> claims.put("nbf", NOW.getEpochSecond() + 61))));
        defects.put(
                "iat in the future",
                Map.entry(Code.NOT_YET_VALID, tokenWith(claims -> claims.put("iat", NOW.getEpochSecond() + 61))));
        defects.put("exp a fraction", Map.entry(Code.CLAIM_MALFORMED, tokenWith(claims -> claims.put("exp", 1.9e9))));
        defects.put(
                "exp a text", Map.entry(Code.CLAIM_MALFORMED, tokenWith(claims -> claims.put("exp", "1900000000"))));
        defects.put(
                "exp beyond all dates",
                Map.entry(Code.CLAIM_MALFORMED, tokenWith(claims -> claims.put("exp", Long.MAX_VALUE))));
        defects.put(
                "older dialect",
                Map.entry(
                        Code.PROFILE_UNKNOWN,
                        tokenWith(claims -> claims.put("eat_profile", "tag:github.com,2023:veraison/ear"))));
        defects.put(
                "status warning",
                Map.entry(Code.STATUS_NOT_ADMITTED, tokenWith(claims -> claims.put("ear_status", "warning"))));
        defects.put(
                "status contraindicated",
                Map.entry(Code.STATUS_NOT_ADMITTED, tokenWith(claims -> claims.put("ear_status", "contraindicated"))));
        defects.put(
                "a device contraindicated",
                Map.entry(
                        Code.STATUS_NOT_ADMITTED,
                        tokenWith(claims ->
                                claims.put("submods", Map.of("gpu0", Map.of("ear_status", "contraindicated"))))));
        defects.put(
                "a device without a status",
                Map.entry(
                        Code.STATUS_NOT_ADMITTED,
                        tokenWith(claims -> claims.put("submods", Map.of("gpu0", Map.of("a", 1))))));
        defects.put(
                "insecure", Map.entry(Code.INSECURE, tokenWith(claims -> claims.put("countersign_insecure", true))));
        defects.put(
                "insecure false is no word of ours",
                Map.entry(Code.INSECURE, tokenWith(claims -> claims.put("countersign_insecure", false))));
        defects.put("debug", Map.entry(Code.DEBUG, tokenWith(claims -> claims.put("countersign_debug", true))));
        defects.put(
                "any workload",
                Map.entry(Code.WORKLOAD_NOT_PINNED, tokenWith(claims -> claims.put("countersign_workload", "any"))));
        defects.put(
                "caller's nonce",
                Map.entry(Code.FRESHNESS_WRONG, tokenWith(claims -> claims.put("countersign_freshness", "caller"))));
        defects.put(
                "key bound without a key",
                Map.entry(Code.CLAIM_MALFORMED, tokenWith(claims -> claims.put("countersign_key_bound", true))));
        defects.put(
                "a key that is not bound",
                Map.entry(
                        Code.CLAIM_MALFORMED,
                        tokenWith(claims -> claims.put("cnf", Map.of("jwk", Map.of("kty", "EC"))))));
        defects.put("two keys", Map.entry(Code.CLAIM_MALFORMED, tokenWith(claims -> {
            claims.put("countersign_key_bound", true);
            claims.put("cnf", Map.of("jwk", Map.of("kty", "EC"), "kid", "x"));
        })));
        return defects.entrySet().stream()
                .map(defect -> DynamicTest.dynamicTest(
                        defect.getKey(),
                        () -> refused(
                                defect.getValue().getKey(), defect.getValue().getValue())));
    }

    @TestFactory
    Stream<DynamicTest> refusesATokenWithoutAnyOfTheRequiredClaims() {
        return MAKER.claims(NOW).keySet().stream()
                .map(claim -> DynamicTest.dynamicTest(
                        claim,
                        () -> refused(
                                claim.equals("eat_profile") ? Code.PROFILE_UNKNOWN : Code.CLAIM_MISSING,
                                tokenWith(claims -> claims.remove(claim)))));
    }

    @Test
    void anEndHasNoLeewayAndABeginningHasAMinute() {
        String token = MAKER.sign(MAKER.claims(NOW));
        accepted(verifierAt(NOW.plusSeconds(299)), token);
        accepted(verifierAt(NOW.plusSeconds(300).minusMillis(1)), token);
        refused(Code.EXPIRED, verifierAt(NOW.plusSeconds(300)), token);
        accepted(verifierAt(NOW.minusSeconds(60)), token);
        refused(Code.NOT_YET_VALID, verifierAt(NOW.minusSeconds(61)), token);
    }

    @Test
    void everyExpectationIsHeldAgainstTheToken() {
        String token = MAKER.sign(MAKER.claims(NOW));
        expects(Code.POLICY_WRONG, token, it -> it.policy("payments"), it -> it.policy("other"));
        expects(
                Code.POLICY_DIGEST_WRONG,
                token,
                it -> it.policyDigest(DIGEST),
                it -> it.policyDigest("sha256:" + "00".repeat(32)));
        expects(Code.TEE_WRONG, token, it -> it.tee("tdx", "sev-snp"), it -> it.tee("tdx"));
        expects(Code.GPU_COUNT_WRONG, token, it -> it.gpus(1), it -> it.gpus(8));
        String bound = MAKER.sign(MAKER.claims(NOW, MAKER.key().toPublicJWK().toJSONObject()));
        accepted(VERIFIER.expecting(Expectations.strict().keyBound()), bound);
        refused(Code.KEY_NOT_BOUND, VERIFIER.expecting(Expectations.strict().keyBound()), token);
        var young = Expectations.strict().maxAge(Duration.ofSeconds(30));
        accepted(verifierAt(NOW.plusSeconds(30)).expecting(young), token);
        refused(Code.TOO_OLD, verifierAt(NOW.plusSeconds(31)).expecting(young), token);
    }

    private static void expects(
            Code code, String token, UnaryOperator<Expectations> good, UnaryOperator<Expectations> bad) {
        accepted(VERIFIER.expecting(good.apply(Expectations.strict())), token);
        refused(code, VERIFIER.expecting(bad.apply(Expectations.strict())), token);
    }

    @Test
    void aCallersNonceIsTheOneOfThisRequest() {
        String token = tokenWith(claims -> claims.put("countersign_freshness", "caller"));
        accepted(VERIFIER.expecting(Expectations.strict().nonce(NONCE)), token);
        refused(Code.NONCE_WRONG, VERIFIER.expecting(Expectations.strict().nonce(Bytes.of(new byte[32]))), token);
        refused(
                Code.FRESHNESS_WRONG,
                VERIFIER.expecting(Expectations.strict().nonce(NONCE)),
                MAKER.sign(MAKER.claims(NOW)));
    }

    @Test
    void whatIsDangerousIsTakenOnlyWhenSaid() {
        accepted(
                VERIFIER.expecting(Expectations.strict().allowWarning()),
                tokenWith(claims -> claims.put("ear_status", "warning")));
        accepted(
                VERIFIER.expecting(Expectations.strict().dangerouslyAllowInsecure()),
                tokenWith(claims -> claims.put("countersign_insecure", true)));
        accepted(
                VERIFIER.expecting(Expectations.strict().dangerouslyAllowDebug()),
                tokenWith(claims -> claims.put("countersign_debug", true)));
        accepted(
                VERIFIER.expecting(Expectations.strict().dangerouslyAllowAnyWorkload()),
                tokenWith(claims -> claims.put("countersign_workload", "any")));
    }

    @Test
    void takesAnotherTypeOnlyWhenToldSo() {
        String token = headerWith("ES256", "\"JWT\"", "");
        accepted(VERIFIER.ofType("JWT"), token);
        refused(Code.TOKEN_TYPE_WRONG, VERIFIER.ofType("JWT"), good());
    }

    /** Every single bit: of the header it may change what is refused first, but never the refusal. */
    @Test
    void noBitOfATokenCanBeChanged() {
        byte[] token = good().getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at < token.length * 8; at += 7) {
            byte[] changed = token.clone();
            changed[at / 8] ^= (byte) (1 << at % 8);
            assertInstanceOf(
                    Verdict.Refused.class,
                    VERIFIER.verify(new String(changed, StandardCharsets.ISO_8859_1)),
                    "bit " + at);
        }
    }

    @Test
    void readsTheAuthorizationHeader() {
        assertInstanceOf(Verdict.Accepted.class, VERIFIER.verifyAuthorization("Bearer " + good()));
        for (String header : new String[] {"", "Basic YQ==", good()}) {
            var refused = assertInstanceOf(Verdict.Refused.class, VERIFIER.verifyAuthorization(header));
            assertEquals(Code.TOKEN_MISSING, refused.refusal().code());
        }
        var refused = assertInstanceOf(Verdict.Refused.class, VERIFIER.verifyAuthorization(null));
        assertEquals("token-missing", refused.refusal().code().word());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "", "{\"keys\": 7}", "{\"keys\": [{\"kty\": \"EC\", \"crv\": \"P-256\"}]}"})
    void refusesToBeMadeWithoutAKeySet(String jwks) {
        org.junit.jupiter.api.Assertions.assertThrows(
                IllegalArgumentException.class, () -> TokenVerifier.withKeys(ISSUER, AUDIENCE, jwks));
    }

    private static String good() {
        return MAKER.sign(MAKER.claims(NOW));
    }

    private static String headerWith(String algorithm, String typ, String more) {
        return MAKER.signRaw(
                "{\"alg\": \"%s\", \"kid\": \"%s\", \"typ\": %s%s}"
                        .formatted(algorithm, MAKER.key().getKeyID(), typ, more),
                StrictJson.write(MAKER.claims(NOW)));
    }

    private static String unsigned() {
        return Base64URL.encode("{\"alg\":\"none\",\"typ\":\"eat+jwt\",\"kid\":\""
                        + MAKER.key().getKeyID() + "\"}")
                + "." + Base64URL.encode(StrictJson.write(MAKER.claims(NOW))) + ".";
    }

    /** The classic: the verifier's public key as the secret of a MAC. */
    private static String hmac() {
        try {
            var header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                    .keyID(MAKER.key().getKeyID())
                    .type(new JOSEObjectType("eat+jwt"))
                    .build();
            var token = new JWSObject(header, new Payload(StrictJson.write(MAKER.claims(NOW))));
            token.sign(new MACSigner(MAKER.key().toECPublicKey().getEncoded()));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String payloadChanged() {
        List<String> parts =
                java.util.regex.Pattern.compile("\\.").splitAsStream(good()).toList();
        Map<String, Object> claims = MAKER.claims(NOW);
        claims.put("countersign_gpu_count", 8);
        return parts.get(0) + "." + Base64URL.encode(StrictJson.write(claims)) + "." + parts.get(2);
    }
}
