package io.countersign.service.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.countersign.service.access.IssuerTokens.Judged;
import io.countersign.service.access.IssuerTokens.Origin;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of an issuer: who is known by them, and every way of not being. */
class IssuerTokensTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final ECKey EC = Issuer.ec(Curve.P_256, "ec");
    private static final ECKey WIDE = Issuer.ec(Curve.P_384, "wide");
    private static final RSAKey RSA = Issuer.rsa("rsa", 2048);
    private static final RSAKey WEAK = Issuer.rsa("weak", 1024);
    private static final String PUBLISHED = Issuer.jwks(EC, WIDE, RSA, WEAK);

    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private final AtomicReference<String> document = new AtomicReference<>(PUBLISHED);
    private final AtomicInteger asked = new AtomicInteger();
    private final IssuerKeys keys = new IssuerKeys(this::read, Duration.ofMinutes(10), Duration.ofHours(24), now::get);

    private String read() throws IOException {
        asked.incrementAndGet();
        if (document.get().isEmpty()) {
            throw new IOException("nobody is there");
        }
        return document.get();
    }

    private Judged judge(String token) {
        return judge(token, Set.of());
    }

    private Judged judge(String token, Set<String> ours) {
        return new IssuerTokens(
                        new IssuerTokens.Terms(Issuer.NAME, Issuer.AUDIENCE),
                        keys,
                        compact -> ours.contains(compact) ? Origin.THIS_SERVICE : Origin.ELSEWHERE,
                        now::get)
                .judge(token);
    }

    private void refused(Refusal why, String token) {
        assertEquals(new Judged.Refused(why), judge(token), token);
    }

    private static JWTClaimsSet.Builder claims() {
        return Issuer.claims(NOW);
    }

    private static String good() {
        return Issuer.sign(JWSAlgorithm.ES256, EC, claims().build());
    }

    record Signed(JWSAlgorithm algorithm, JWK key) {}

    static List<Signed> taken() {
        return List.of(
                new Signed(JWSAlgorithm.ES256, EC),
                new Signed(JWSAlgorithm.ES384, WIDE),
                new Signed(JWSAlgorithm.RS256, RSA),
                new Signed(JWSAlgorithm.PS256, RSA));
    }

    @ParameterizedTest
    @MethodSource("taken")
    void theSubjectOfAGoodTokenIsTheCaller(Signed signed) {
        assertEquals(
                new Judged.Subject(Issuer.SUBJECT),
                judge(Issuer.sign(signed.algorithm(), signed.key(), claims().build())));
    }

    @Test
    void aTokenWithoutATypeIsTakenAsKubernetesMakesThem() {
        String token = Issuer.sign(
                Issuer.header(JWSAlgorithm.ES256, EC).type(null).build(), claims().build(), Issuer.signer(EC));
        assertEquals(new Judged.Subject(Issuer.SUBJECT), judge(token));
    }

    @Test
    void onlyTheListedAlgorithmsAreTaken() {
        for (JWSAlgorithm other : List.of(JWSAlgorithm.RS384, JWSAlgorithm.RS512, JWSAlgorithm.PS512)) {
            refused(Refusal.TOKEN_ALGORITHM, Issuer.sign(other, RSA, claims().build()));
        }
    }

    @Test
    void thePublicKeyIsNoSecretToSignWith() throws JOSEException, IOException {
        for (byte[] secret : List.of(
                RSA.toPublicKey().getEncoded(),
                RSA.toPublicJWK().toJSONString().getBytes(java.nio.charset.StandardCharsets.UTF_8))) {
            refused(
                    Refusal.TOKEN_ALGORITHM,
                    Issuer.sign(
                            Issuer.header(JWSAlgorithm.HS256, RSA).build(), claims().build(), new MACSigner(secret)));
        }
    }

    @Test
    void aPublishedSecretIsNoKey() throws JOSEException {
        var shared = new OctetSequenceKey.Builder(new byte[64]).keyID("shared").build();
        document.set(Issuer.jwks(EC).replace("]}", "," + shared.toJSONString() + "]}"));
        assertTrue(document.get().contains("shared"));
        refused(
                Refusal.TOKEN_ALGORITHM,
                Issuer.sign(
                        Issuer.header(JWSAlgorithm.HS256, shared).build(), claims().build(), new MACSigner(shared)));
        // And under an algorithm that is taken, there is no key of that name.
        refused(
                Refusal.TOKEN_KEY,
                Issuer.sign(Issuer.header(JWSAlgorithm.ES256, shared).build(), claims().build(), Issuer.signer(EC)));
    }

    @Test
    void anUnsignedTokenIsNone() {
        refused(Refusal.TOKEN_MALFORMED, new PlainJWT(claims().build()).serialize());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b.c", "e30.e30.e30", "..", "eyJhbGciOiJFUzI1NiJ9..AA"})
    void whatIsNoTokenIsRefused(String text) {
        refused(Refusal.TOKEN_MALFORMED, text);
    }

    @Test
    void aKeyIsUsedWithItsOwnKindOfAlgorithmAlone() {
        refused(
                Refusal.TOKEN_SIGNATURE,
                Issuer.sign(Issuer.header(JWSAlgorithm.RS256, EC).build(), claims().build(), Issuer.signer(RSA)));
        refused(
                Refusal.TOKEN_SIGNATURE,
                Issuer.sign(Issuer.header(JWSAlgorithm.ES256, WIDE).build(), claims().build(), Issuer.signer(EC)));
    }

    @Test
    void aKeyThatIsForAnotherUseOrAlgorithmOrTooShortDoesNotCount() {
        var forEncryption = new ECKey.Builder(EC).keyUse(KeyUse.ENCRYPTION).build();
        document.set(Issuer.jwks(forEncryption, WEAK));
        refused(Refusal.TOKEN_SIGNATURE, good());
        refused(Refusal.TOKEN_SIGNATURE, Issuer.sign(JWSAlgorithm.RS256, WEAK, claims().build()));
    }

    @Test
    void aKeyThatSaysWhichAlgorithmIsUsedWithNoOther() {
        document.set(Issuer.jwks(
                new RSAKey.Builder(RSA).algorithm(JWSAlgorithm.PS256).build()));
        refused(Refusal.TOKEN_SIGNATURE, Issuer.sign(JWSAlgorithm.RS256, RSA, claims().build()));
        assertEquals(new Judged.Subject(Issuer.SUBJECT), judge(Issuer.sign(JWSAlgorithm.PS256, RSA, claims().build())));
    }

    @Test
    void anotherKeyOfTheSameNameDoesNotSign() {
        refused(
                Refusal.TOKEN_SIGNATURE,
                Issuer.sign(JWSAlgorithm.ES256, Issuer.ec(Curve.P_256, "ec"), claims().build()));
    }

    @Test
    void aKeyThatTheTokenBringsIsNotLookedAt() {
        ECKey own = Issuer.ec(Curve.P_256, "ec");
        refused(
                Refusal.TOKEN_SIGNATURE,
                Issuer.sign(
                        Issuer.header(JWSAlgorithm.ES256, own)
                                .jwk(own.toPublicJWK())
                                .build(),
                        claims().build(),
                        Issuer.signer(own)));
    }

    @Test
    void everyPartOfATokenIsSigned() {
        String good = good();
        int payload = good.indexOf('.') + 1;
        for (int at = payload; at < good.length(); at += 7) {
            char other = good.charAt(at) == 'A' ? 'B' : 'A';
            String changed = good.substring(0, at) + other + good.substring(at + 1);
            assertTrue(judge(changed) instanceof Judged.Refused, changed);
        }
    }

    @Test
    void issuerAndAudienceAreExact() {
        for (String other : List.of("https://issuer.example/realms/b", Issuer.NAME + "/", "")) {
            refused(
                    Refusal.TOKEN_ISSUER,
                    Issuer.sign(JWSAlgorithm.ES256, EC, claims().issuer(other).build()));
        }
        refused(
                Refusal.TOKEN_ISSUER,
                Issuer.sign(JWSAlgorithm.ES256, EC, claims().issuer(null).build()));
        for (List<String> other : List.of(List.<String>of(), List.of(Issuer.AUDIENCE + "/"), List.of("a", "b"))) {
            refused(
                    Refusal.TOKEN_AUDIENCE,
                    Issuer.sign(JWSAlgorithm.ES256, EC, claims().audience(other).build()));
        }
        assertEquals(
                new Judged.Subject(Issuer.SUBJECT),
                judge(Issuer.sign(
                        JWSAlgorithm.ES256,
                        EC,
                        claims().audience(List.of("a", Issuer.AUDIENCE)).build())));
    }

    @Test
    void aTokenEndsToTheSecondAndMustSayWhen() {
        Date end = Date.from(NOW.plusSeconds(100));
        String token =
                Issuer.sign(JWSAlgorithm.ES256, EC, claims().expirationTime(end).build());
        now.set(NOW.plusSeconds(99));
        assertEquals(new Judged.Subject(Issuer.SUBJECT), judge(token));
        now.set(NOW.plusSeconds(100));
        refused(Refusal.TOKEN_TIME, token);
        now.set(NOW);
        refused(
                Refusal.TOKEN_TIME,
                Issuer.sign(
                        JWSAlgorithm.ES256, EC, claims().expirationTime(null).build()));
    }

    @Test
    void aTokenThatBeginsLaterIsNotGoodYet() {
        Date soon = Date.from(NOW.plusSeconds(60));
        Date later = Date.from(NOW.plusSeconds(61));
        assertEquals(
                new Judged.Subject(Issuer.SUBJECT),
                judge(Issuer.sign(
                        JWSAlgorithm.ES256,
                        EC,
                        claims().notBeforeTime(soon).issueTime(soon).build())));
        refused(
                Refusal.TOKEN_TIME,
                Issuer.sign(
                        JWSAlgorithm.ES256, EC, claims().notBeforeTime(later).build()));
        refused(
                Refusal.TOKEN_TIME,
                Issuer.sign(JWSAlgorithm.ES256, EC, claims().issueTime(later).build()));
    }

    @Test
    void aTokenThatCountersignMadeNamesNoCaller() {
        String good = good();
        assertEquals(new Judged.Refused(Refusal.TOKEN_OURS), judge(good, Set.of(good)));
        refused(
                Refusal.TOKEN_OURS,
                Issuer.sign(
                        Issuer.header(JWSAlgorithm.ES256, EC)
                                .type(new JOSEObjectType("eat+jwt"))
                                .build(),
                        claims().build(),
                        Issuer.signer(EC)));
        for (String claim : List.of("eat_profile", "countersign_policy_id")) {
            refused(
                    Refusal.TOKEN_OURS,
                    Issuer.sign(
                            JWSAlgorithm.ES256, EC, claims().claim(claim, "x").build()));
        }
    }

    @Test
    void whatMustBeUnderstoodAndIsNotMakesATokenInvalid() {
        for (var header : List.of(
                Issuer.header(JWSAlgorithm.ES256, EC)
                        .criticalParams(Set.of("exp"))
                        .build(),
                Issuer.header(JWSAlgorithm.ES256, EC)
                        .type(new JOSEObjectType("secevent+jwt"))
                        .build())) {
            refused(Refusal.TOKEN_ALGORITHM, Issuer.sign(header, claims().build(), Issuer.signer(EC)));
        }
    }

    @Test
    void aTokenNamesItsKeyAndItsSubject() {
        refused(
                Refusal.TOKEN_KEY,
                Issuer.sign(
                        Issuer.header(JWSAlgorithm.ES256, EC).keyID(null).build(),
                        claims().build(),
                        Issuer.signer(EC)));
        for (String none : new String[] {null, ""}) {
            refused(
                    Refusal.SUBJECT_UNKNOWN,
                    Issuer.sign(JWSAlgorithm.ES256, EC, claims().subject(none).build()));
        }
    }

    @Test
    void aNewKeyIsFoundAndTheOldOneIsForgotten() {
        assertEquals(new Judged.Subject(Issuer.SUBJECT), judge(good()));
        ECKey next = Issuer.ec(Curve.P_256, "next");
        document.set(Issuer.jwks(next));
        now.set(NOW.plusSeconds(31));
        assertEquals(
                new Judged.Subject(Issuer.SUBJECT), judge(Issuer.sign(JWSAlgorithm.ES256, next, claims().build())));
        refused(Refusal.TOKEN_KEY, good());
        assertEquals(2, asked.get());
    }

    @Test
    void keysThatNobodyKnowsMakeTheIssuerBeAskedOnceInHalfAMinute() {
        for (int i = 0; i < 50; i++) {
            refused(
                    Refusal.TOKEN_KEY,
                    Issuer.sign(JWSAlgorithm.ES256, Issuer.ec(Curve.P_256, "k" + i), claims().build()));
        }
        assertEquals(1, asked.get());
        now.set(NOW.plusSeconds(31));
        refused(Refusal.TOKEN_KEY, Issuer.sign(JWSAlgorithm.ES256, Issuer.ec(Curve.P_256, "z"), claims().build()));
        assertEquals(2, asked.get());
    }

    @Test
    void whatCannotBeGoodMakesNobodyAskTheIssuer() {
        judge(Issuer.sign(
                JWSAlgorithm.ES256, EC, claims().issuer("https://else.example").build()));
        judge(new PlainJWT(claims().build()).serialize());
        assertEquals(0, asked.get());
    }

    @Test
    void withoutAnyKeysNobodyIsKnown() {
        document.set("");
        refused(Refusal.ISSUER_UNAVAILABLE, good());
        refused(Refusal.ISSUER_UNAVAILABLE, good());
        assertEquals(1, asked.get());
        document.set(PUBLISHED);
        now.set(NOW.plusSeconds(31));
        assertEquals(new Judged.Subject(Issuer.SUBJECT), judge(good()));
    }

    @Test
    void keysInHandAreBelievedForAWhileWhenTheIssuerIsAway() {
        String token = Issuer.sign(
                JWSAlgorithm.ES256,
                EC,
                claims().expirationTime(Date.from(NOW.plus(Duration.ofDays(3)))).build());
        judge(token);
        document.set("");
        now.set(NOW.plus(Duration.ofHours(24)));
        assertEquals(new Judged.Subject(Issuer.SUBJECT), judge(token));
        // A key that is not among them may be a new one: that is no fault of who asks.
        refused(
                Refusal.ISSUER_UNAVAILABLE,
                Issuer.sign(JWSAlgorithm.ES256, Issuer.ec(Curve.P_256, "next"), claims().build()));
        now.set(NOW.plus(Duration.ofHours(24)).plusSeconds(1));
        refused(Refusal.ISSUER_UNAVAILABLE, token);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>",
                "{}",
                "{\"keys\":[]}",
                "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"AA\"}]}",
                "[]"
            })
    void aDocumentWithoutKeysIsAsGoodAsNone(String text) {
        document.set(text);
        refused(Refusal.ISSUER_UNAVAILABLE, good());
    }

    @Test
    void keysThatAreDueAreAskedForAgain() {
        judge(good());
        now.set(NOW.plus(Duration.ofMinutes(9)));
        judge(good());
        assertEquals(1, asked.get());
        now.set(NOW.plus(Duration.ofMinutes(11)));
        judge(good());
        assertEquals(2, asked.get());
    }
}
