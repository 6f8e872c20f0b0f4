package io.countersign.service;

import static io.countersign.service.PolicyEdits.eventually;
import static io.countersign.service.RelyingParties.BACKGROUND;
import static io.countersign.service.RelyingParties.NEXT_SECRET;
import static io.countersign.service.RelyingParties.SECRET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.verifier.bytes.Bytes;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A lost answer is not a lost token: the same request with the same key has the same answer. */
@QuarkusTest
@TestProfile(RelyingParties.class)
class IdempotencyTest {
    private static final String KEY = "0123456789abcdef0123456789abcdef";
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
        Path edited = folder.resolve("withdrawn.yaml");
        if (!Files.exists(edited) || !Files.readString(edited).equals(GOOD)) {
            Files.writeString(edited, GOOD);
            eventually("withdrawn", policy -> policy.path("version").asText().equals("3"));
        }
    }

    private static AskedBy keyed(String key) {
        return AskedBy.nobody().with("Idempotency-Key", key);
    }

    private static ObjectNode body(String policy) {
        return Machine.challengedWith(Http.nonce()).attestation(BACKGROUND, policy);
    }

    private static void first(Answer answer) {
        assertFalse(answer.ok().headers().containsKey("idempotent-replayed"), answer.headers()::toString);
    }

    private static void again(Answer answer, Answer before) {
        assertEquals(before.text(), answer.ok().text());
        assertEquals("true", answer.header("idempotent-replayed"));
        assertEquals("no-store", answer.header("cache-control"));
        assertEquals(before.mediaType(), answer.mediaType());
    }

    @Test
    void theSameRequestHasTheSameAnswerByteForByte() {
        ObjectNode body = body("either");
        Answer answer = keyed(KEY).attest(body);
        first(answer);
        again(keyed(KEY).attest(body), answer);
        again(keyed("\"" + KEY + "\"").attest(body), answer);
        AskedBy.nobody().attest(body).problem(409, "nonce-used");
    }

    @Test
    void theBareTokenIsTheSame() {
        ObjectNode body = body("either");
        Answer answer = keyed(KEY).attest(body).ok();
        Answer bare = keyed(KEY).with("Accept", "application/eat+jwt").attest(body.toString());
        assertEquals(Token.read(answer).compact(), bare.ok().text());
        assertEquals("true", bare.header("idempotent-replayed"));
        assertTrue(bare.mediaType().startsWith("application/eat+jwt"), bare.mediaType());
    }

    @Test
    void anotherKeyBodyOrCallerIsAnotherRequest() {
        ObjectNode body = body("either");
        first(keyed(KEY).attest(body));
        keyed(KEY + "0").attest(body).problem(409, "nonce-used");
        keyed(KEY).attest(" " + body).problem(409, "nonce-used");
        AskedBy known = AskedBy.whoKnows(SECRET).with("Idempotency-Key", KEY);
        known.attest(body).problem(409, "nonce-used");
        first(keyed(KEY).attest(body("either")));
    }

    @Test
    void aKeyServicesOwnNonceHasOneTokenUnderOneKey() {
        String body = Machine.challengedWith(AskedBy.random(32))
                .attestation(BACKGROUND, "caller-only")
                .toString();
        AskedBy kms = AskedBy.whoKnows(SECRET).with("Idempotency-Key", KEY);
        Answer answer = kms.attest(body);
        first(answer);
        again(kms.attest(body), answer);
        AskedBy next = AskedBy.whoKnows(NEXT_SECRET).with("Idempotency-Key", KEY);
        first(next.attest(body));
        keyed(KEY).attest(body).problem(403, "nonce-not-ours");
    }

    @Test
    void aRefusalIsJudgedAnew() {
        ObjectNode body = Machine.challengedWith(Http.nonce()).withoutCrl().attestation(BACKGROUND, "either");
        for (int i = 0; i < 2; i++) {
            Answer refused = keyed(KEY).attest(body).problem(403, "appraisal-refused");
            assertFalse(refused.headers().containsKey("idempotent-replayed"));
        }
    }

    @Test
    void ofManyAtOnceOneIsFirstAndAllHaveTheSameToken() throws Exception {
        ObjectNode body = body("either");
        int many = 8;
        var go = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new ArrayList<Callable<Answer>>();
            IntStream.range(0, many)
                    .forEach(_ -> asked.add(() -> {
                        go.await();
                        return keyed(KEY).attest(body);
                    }));
            var pending = asked.stream().map(threads::submit).toList();
            go.countDown();
            var answers = new ArrayList<Answer>();
            for (var answer : pending) {
                answers.add(answer.get());
            }
            var tokens = answers.stream()
                    .filter(answer -> answer.status() == 200)
                    .map(Answer::text)
                    .collect(Collectors.toSet());
            assertEquals(1, tokens.size());
            assertEquals(
                    1,
                    answers.stream()
                            .filter(answer -> answer.status() == 200)
                            .filter(answer -> !answer.headers().containsKey("idempotent-replayed"))
                            .count());
            // Whoever waited in vain is told so, and may ask again.
            answers.stream()
                    .filter(answer -> answer.status() != 200)
                    .forEach(answer -> answer.problem(409, "nonce-used"));
        }
        assertEquals("true", keyed(KEY).attest(body).ok().header("idempotent-replayed"));
    }

    @Test
    void anAnswerEndsWithItsToken() {
        ObjectNode body = body("either");
        Answer answer = keyed(KEY).attest(body).ok();
        Duration left = Duration.between(clock.instant(), Token.read(answer).expiresAt());
        clock.moveOn(left.plusSeconds(1));
        Answer late = keyed(KEY).attest(body);
        assertTrue(late.status() == 410 || late.status() == 409, late.text());
    }

    @Test
    void anAnswerDoesNotOutliveTheStoresMemoryOfWhatWasSpent() {
        ObjectNode body = body("either");
        first(keyed(KEY).attest(body));
        store.forgetWhatWasSpent();
        Answer anew = keyed(KEY).attest(body);
        assertFalse(anew.headers().containsKey("idempotent-replayed"), anew.text());
    }

    @Test
    void notEvenWhereAReplicaHasNotNoticedYet() {
        ObjectNode body = body("either");
        first(keyed(KEY).attest(body));
        store.forgetUnnoticed();
        keyed(KEY).attest(body).problem(400, "nonce-unknown");
    }

    @Test
    void anAnswerDoesNotOutliveItsPolicy() throws IOException {
        ObjectNode body = body("withdrawn");
        Answer answer = keyed(KEY).attest(body).ok();
        Files.writeString(folder.resolve("withdrawn.yaml"), GOOD.replace("version: \"3\"", "version: \"4\""));
        eventually("withdrawn", policy -> policy.path("version").asText().equals("4"));
        Answer changed = keyed(KEY).attest(body).problem(409, "policy-digest-differs");
        assertFalse(changed.text().contains("eyJ"), changed.text());
        Files.delete(folder.resolve("withdrawn.yaml"));
        eventually("withdrawn", policy -> policy.path("code").asText().equals("policy-unknown"));
        keyed(KEY).attest(body).problem(404, "policy-unknown");
        Files.writeString(folder.resolve("withdrawn.yaml"), GOOD);
        eventually("withdrawn", policy -> policy.path("version").asText().equals("3"));
        again(keyed(KEY).attest(body), answer);
    }

    @Test
    void whoReadsTheStoreReadsNoTokens() {
        Answer answer = keyed(KEY).attest(body("either")).ok();
        int seen = 0;
        for (Bytes content : store.everythingKept()) {
            String text = new String(content.toByteArray(), StandardCharsets.ISO_8859_1);
            // More than three letters, which chance puts into a ciphertext now and then.
            assertFalse(text.contains("eyJhbGciOi"), "a token lies open in the store");
            assertFalse(text.contains("affirming"), "a result lies open in the store");
            seen++;
        }
        assertTrue(seen > 0);
        assertTrue(answer.text().contains("eyJ"));
    }

    @Test
    void aSpoiltAnswerIsAsGoodAsNone() {
        ObjectNode body = body("either");
        first(keyed(KEY).attest(body));
        store.spoilEverythingKept();
        keyed(KEY).attest(body).problem(409, "nonce-used");
    }

    @Test
    void withoutTheStoreThereIsNoAnswer() {
        ObjectNode body = body("either");
        first(keyed(KEY).attest(body));
        store.goAway();
        keyed(KEY).attest(body).problem(503, "store-unavailable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "short",
                "0123456789abcde",
                "0123456789 abcdef",
                "\"0123456789abcdef",
                "\"0123456789abcde\"",
                "\"0123456789abcdef\";a=1",
                "\"0123456789abc def\"",
            })
    void aKeyThatIsNoneIsRefused(String key) {
        Answer answer = keyed(key).attest(body("either")).problem(400, "request-invalid");
        assertTrue(answer.json().get("detail").asText().contains("Idempotency-Key"), answer.text());
    }

    @Test
    void aKeyStandsOnce() {
        Http.read(Http.request()
                        .contentType("application/json")
                        .header("Idempotency-Key", KEY)
                        .header("Idempotency-Key", KEY)
                        .body(body("either").toString())
                        .post("/v1/attestations"))
                .problem(400, "request-invalid");
    }
}
