package io.countersign.service;

import static io.countersign.service.PolicyEdits.eventually;
import static io.countersign.service.RelyingParties.BACKGROUND;
import static io.countersign.service.RelyingParties.NEXT_SECRET;
import static io.countersign.service.RelyingParties.PASSPORT;
import static io.countersign.service.RelyingParties.PASSPORT_SECRET;
import static io.countersign.service.RelyingParties.SECRET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.countersign.service.store.OnceStore;
import io.countersign.service.store.TokenId;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a token after it was made: asked, used up, ended, withdrawn, forgotten. */
@QuarkusTest
@TestProfile(RelyingParties.class)
class IntrospectionTest {
    private static final AskedBy KMS = AskedBy.whoKnows(SECRET);
    private static final String EDITED = "withdrawn.yaml";
    private static final String GOOD = RelyingParties.taking("withdrawn", "challenge, caller");

    @Inject
    MovableClock clock;

    @Inject
    PliantStore store;

    @Inject
    @ConfigProperty(name = "countersign.policies-dir")
    Path folder;

    @AfterEach
    void putEverythingBack() throws IOException {
        clock.reset();
        store.comeBack();
        Path edited = folder.resolve(EDITED);
        if (!Files.exists(edited) || !Files.readString(edited).equals(GOOD)) {
            Files.writeString(edited, GOOD);
            eventually("withdrawn", policy -> policy.path("version").asText().equals("3") && !policy.has("shadow_of"));
        }
    }

    private static Token token(String policy) {
        return Token.read(KMS.attest(Machine.challengedWith(Http.nonce()).attestation(BACKGROUND, policy))
                .ok());
    }

    private static void inactive(Answer answer, String reason) {
        assertFalse(answer.ok().json().get("active").booleanValue());
        assertEquals(reason, answer.json().path("countersign_reason").asText("none"), answer.text());
        assertTrue(answer.json().get("countersign_hint").asText().endsWith("."), answer.text());
        assertEquals(3, answer.json().size(), answer.text());
        OpenApi.assertFits("Introspection", answer.json());
    }

    private static void untold(Answer answer) {
        assertEquals("{\"active\":false}", answer.ok().text());
        OpenApi.assertFits("Introspection", answer.json());
    }

    private static void active(Answer answer, String singleUse) {
        assertTrue(answer.ok().json().get("active").booleanValue(), answer.text());
        assertEquals(singleUse, answer.json().get("countersign_single_use").asText());
        OpenApi.assertFits("Introspection", answer.json());
    }

    @Test
    void aGoodTokenIsActiveAndSaysWhatItIs() throws JOSEException {
        var key = new ECKeyGenerator(Curve.P_256).generate().toPublicJWK();
        Token token = Token.read(
                KMS.attest(Machine.challengedWith(Http.nonce()).key(key).attestation(BACKGROUND, "either"))
                        .ok());
        Answer answer = KMS.introspect(token);
        active(answer, "unused");
        for (String name : List.of(
                "iss",
                "sub",
                "aud",
                "exp",
                "iat",
                "nbf",
                "jti",
                "cnf",
                "countersign_policy_id",
                "countersign_policy_digest")) {
            assertEquals(token.claims().get(name), answer.json().get(name), name);
        }
        assertEquals(12, answer.json().size(), answer.text());
        assertEquals("no-store", answer.header("cache-control"));
        assertEquals("application/json", answer.mediaType());
    }

    @Test
    void askingUsesNothingUp() {
        Token token = token("either");
        for (int i = 0; i < 3; i++) {
            active(KMS.introspect(token), "unused");
        }
        active(KMS.introspect("token=" + token.compact() + "&consume=false"), "unused");
    }

    @Test
    void aTokenIsConsumedOnceAndGoodForNothingAfterwards() {
        Token token = token("either");
        active(KMS.consume(token), "consumed-now");
        inactive(KMS.consume(token), "consumed");
        inactive(KMS.introspect(token), "consumed");
        inactive(AskedBy.whoKnows(NEXT_SECRET).introspect(token), "consumed");
    }

    @Test
    void ofManyWhoConsumeAtOnceOneIsTold() throws Exception {
        Token token = token("either");
        int many = 16;
        var go = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new ArrayList<Callable<Answer>>();
            IntStream.range(0, many)
                    .forEach(_ -> asked.add(() -> {
                        go.await();
                        return KMS.consume(token);
                    }));
            var pending = asked.stream().map(threads::submit).toList();
            go.countDown();
            int told = 0;
            for (var answer : pending) {
                if (answer.get().json().get("active").booleanValue()) {
                    active(answer.get(), "consumed-now");
                    told++;
                } else {
                    inactive(answer.get(), "consumed");
                }
            }
            assertEquals(1, told);
        }
    }

    @Test
    void atItsEndItIsExpiredToTheSecond() {
        Token token = token("either");
        Duration left = Duration.between(clock.instant(), token.expiresAt());
        clock.moveOn(left.minusSeconds(20));
        active(KMS.introspect(token), "unused");
        clock.moveOn(Duration.ofSeconds(21));
        inactive(KMS.introspect(token), "expired");
        inactive(KMS.consume(token), "expired");
    }

    @Test
    void beforeItsBeginningAMinuteOfSkewIsTaken() {
        Token token = token("either");
        clock.moveOn(Duration.ofSeconds(-40));
        active(KMS.introspect(token), "unused");
        clock.moveOn(Duration.ofSeconds(-40));
        inactive(KMS.consume(token), "not-yet-valid");
        clock.reset();
        active(KMS.consume(token), "consumed-now");
    }

    @Test
    void nothingIsToldOfAnotherAudiencesToken() {
        Token token = token("either");
        AskedBy other = AskedBy.whoKnows(PASSPORT_SECRET);
        untold(other.introspect(token));
        untold(other.consume(token));
        active(KMS.consume(token), "consumed-now");
        untold(other.introspect(token));
        Token theirs =
                Token.read(other.attest(Machine.challengedWith(Http.nonce()).attestation(PASSPORT, "either"))
                        .ok());
        active(other.introspect(theirs), "unused");
        untold(KMS.introspect(theirs));
    }

    @Test
    void nothingIsToldOfWhatThisServiceDidNotSign() {
        String compact = token("either").compact();
        List<String> parts = List.of(compact.split("\\.", -1));
        String middle = parts.get(1);
        char other = middle.charAt(20) == 'A' ? 'B' : 'A';
        for (String text : List.of(
                "x",
                "..",
                "a.b.c",
                compact + "x",
                compact.substring(0, compact.length() - 4) + "AAAA",
                parts.get(0) + "." + middle.substring(0, 20) + other + middle.substring(21) + "." + parts.get(2),
                "eyJhbGciOiJub25lIn0." + middle + ".",
                "eyJhbGciOiJIUzI1NiJ9." + middle + "." + parts.get(2),
                parts.get(0) + "..",
                "%00",
                "%F0%9F%94%91",
                "a".repeat(8 * 1024 + 1),
                ".".repeat(8000),
                "e30.e30.e30")) {
            untold(KMS.introspect("token=" + text));
            untold(KMS.introspect("token=" + text + "&consume=true"));
        }
    }

    @Test
    void aTokenUnderAnEditedPolicyIsChangedAndUnderTheOldTextGoodAgain() throws IOException {
        Token token = token("withdrawn");
        active(KMS.introspect(token), "unused");
        edit(GOOD.replace("version: \"3\"", "version: \"4\""));
        eventually("withdrawn", policy -> policy.path("version").asText().equals("4"));
        inactive(KMS.introspect(token), "policy-changed");
        inactive(KMS.consume(token), "policy-changed");
        edit(GOOD);
        eventually("withdrawn", policy -> policy.path("version").asText().equals("3"));
        active(KMS.consume(token), "consumed-now");
    }

    @Test
    void aTokenUnderARemovedPolicyIsWithdrawn() throws IOException {
        Token token = token("withdrawn");
        Files.delete(folder.resolve(EDITED));
        eventually("withdrawn", policy -> policy.path("code").asText().equals("policy-unknown"));
        inactive(KMS.introspect(token), "policy-withdrawn");
        inactive(KMS.consume(token), "policy-withdrawn");
    }

    @Test
    void aTokenUnderAPolicyThatBecameAShadowIsWithdrawn() throws IOException {
        Token token = token("withdrawn");
        edit(GOOD.replace("accept:", "shadow-of: pinned\naccept:"));
        eventually("withdrawn", policy -> policy.has("shadow_of"));
        inactive(KMS.introspect(token), "policy-withdrawn");
    }

    @Test
    void aTokenUnderAPolicyThatPinsNothingAnyMoreIsWithdrawn() throws IOException {
        Token token = token("withdrawn");
        edit("""
                policy: withdrawn
                version: "5"
                summary: It pins nothing now.
                extends: [baseline]
                """);
        eventually("withdrawn", policy -> policy.path("version").asText().equals("5"));
        inactive(KMS.consume(token), "policy-withdrawn");
    }

    private void edit(String text) throws IOException {
        Files.writeString(folder.resolve(EDITED), text);
    }

    @Test
    void whatTheStoreMayHaveForgottenCountsAsConsumed() {
        Token token = token("either");
        active(KMS.introspect(token), "unused");
        store.forgetWhatWasSpent();
        inactive(KMS.introspect(token), "store-forgot");
        inactive(KMS.consume(token), "store-forgot");
        active(KMS.consume(token("either")), "consumed-now");
    }

    @Test
    void withoutTheStoreNothingIsKnown() {
        Token token = token("either");
        store.goAway();
        for (String form : List.of("token=" + token.compact(), "consume=true&token=" + token.compact())) {
            KMS.introspect(form).problem(503, "store-unavailable");
        }
        store.comeBack();
        active(KMS.consume(token), "consumed-now");
    }

    /** The store is asked last: what another check refuses is not used up. */
    @Test
    void aRefusedQuestionUsesNothingUp() {
        Token token = token("either");
        clock.moveOn(Duration.ofSeconds(-80));
        KMS.consume(token);
        clock.reset();
        AskedBy.whoKnows(PASSPORT_SECRET).consume(token);
        TokenId id = TokenId.read(token.claims().get("jti").asText()).orElseThrow();
        assertEquals(OnceStore.Spending.SPENT_NOW, store.look(OnceStore.Kind.TOKEN, id.bytes(), id.madeUnder()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "&",
                "=",
                "token",
                "token=",
                "consume=true",
                "Token=x",
                "token=x&token=x",
                "token=x&consume=true&consume=true",
                "token=x&consume=yes",
                "token=x&consume=TRUE",
                "token=x&consume=",
                "token=%",
                "token=%2",
                "token=%zz",
                "token=%ff",
                "{\"token\":\"x\"}",
            })
    void aFormThatIsNoneIsRefused(String form) {
        KMS.introspect(form).problem(400, "request-invalid");
    }

    @Test
    void parametersThatNobodyAsksForAreLeftAlone() {
        Token token = token("either");
        active(
                KMS.introspect("&token_type_hint=access_token&token="
                        + token.compact().replace(".", "%2E") + "&client_id=kms&x=%20+%C3%A9"),
                "unused");
    }

    @Test
    void aFormIsBounded() {
        KMS.introspect("token=" + "x".repeat(16 * 1024)).problem(413, "request-too-large");
        KMS.introspect("token=" + "x".repeat(5 * 1024 * 1024)).problem(413, "request-too-large");
        KMS.introspect("x&".repeat(4000) + "token=x").problem(400, "request-invalid");
        var many = new StringBuilder("token=x");
        IntStream.range(0, 40).forEach(i -> many.append("&p").append(i));
        KMS.introspect(many.toString()).problem(400, "request-invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain", "multipart/form-data; boundary=x"})
    void anotherBodyIsNotRead(String type) {
        Answer answer = Http.read(Http.request()
                        .header("Authorization", "Bearer " + SECRET)
                        .header("Content-Type", type)
                        .body("{}".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                        .post(AskedBy.INTROSPECT))
                .problem(415, "media-type-unsupported");
        assertTrue(answer.json().get("hint").asText().contains("x-www-form-urlencoded"), answer.text());
    }

    @Test
    void itIsAskedWithPost() {
        Answer answer = Http.get(AskedBy.INTROSPECT).problem(405, "method-not-allowed");
        assertTrue(answer.header("allow").contains("POST"), answer.header("allow"));
    }

    @Test
    void answersAreCountedByReason() {
        Token token = token("either");
        KMS.consume(token);
        KMS.consume(token);
        KMS.introspect("token=x");
        AskedBy.whoKnows(PASSPORT_SECRET).introspect(token);
        String metrics = Http.request().get("/q/metrics").asString();
        for (String labels : List.of(
                "{active=\"true\",reason=\"consumed-now\"}",
                "{active=\"false\",reason=\"consumed\"}",
                "{active=\"false\",reason=\"signature-unknown\"}",
                "{active=\"false\",reason=\"another-audience\"}")) {
            assertTrue(metrics.contains("countersign_introspections_total" + labels), labels);
        }
    }

    /** What a token says of itself is what the token endpoint's own document says. */
    @Test
    void bothModelsTokensAreAskedAboutAlike() {
        JsonNode claims = KMS.consume(Token.read(
                        KMS.attest(Machine.challengedWith(AskedBy.random(32)).attestation(BACKGROUND, "caller-only"))
                                .ok()))
                .json();
        assertTrue(claims.get("active").booleanValue(), claims.toString());
        assertEquals("caller-only", claims.get("countersign_policy_id").asText());
    }
}
