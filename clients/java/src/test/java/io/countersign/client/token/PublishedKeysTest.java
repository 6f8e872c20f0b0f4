package io.countersign.client.token;

import static io.countersign.client.testkit.StubService.json;
import static io.countersign.client.testkit.StubService.status;
import static io.countersign.client.testkit.TokenMaker.AUDIENCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.nimbusds.jose.jwk.Curve;
import io.countersign.client.Http;
import io.countersign.client.testkit.StubService;
import io.countersign.client.testkit.StubService.Reply;
import io.countersign.client.testkit.TokenMaker;
import io.countersign.client.token.Refusal.Code;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PublishedKeysTest {
    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final String JWKS = "/.well-known/jwks.json";
    private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

    private final StubService service = new StubService();
    private final TokenMaker first = new TokenMaker(service.url(), Curve.P_256);
    private final TokenMaker second = new TokenMaker(service.url(), Curve.P_384);
    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final TokenVerifier verifier = TokenVerifier.discovering(
            service.address(), AUDIENCE, Http.within(Duration.ofSeconds(5)), Duration.ofSeconds(30), now::get);

    @BeforeEach
    void publish() {
        service.on(DISCOVERY, json(discovery(service.url(), service.url() + JWKS)));
        service.on(JWKS, keys(first));
    }

    @AfterEach
    void close() {
        service.close();
    }

    private static String discovery(String issuer, String jwksUri) {
        return "{\"issuer\": \"" + issuer + "\", \"jwks_uri\": \"" + jwksUri + "\"}";
    }

    private static Reply keys(TokenMaker... makers) {
        return json(TokenMaker.jwks(makers), "Cache-Control", "public, max-age=300");
    }

    private void later(long seconds) {
        now.updateAndGet(instant -> instant.plusSeconds(seconds));
    }

    private Code verify(TokenMaker maker) {
        Verdict verdict = verifier.verify(maker.sign(maker.claims(now.get())));
        return assertInstanceOf(Verdict.Refused.class, verdict, verdict.toString())
                .refusal()
                .code();
    }

    private void accept(TokenMaker maker) {
        Verdict verdict = verifier.verify(maker.sign(maker.claims(now.get())));
        assertInstanceOf(Verdict.Accepted.class, verdict, verdict.toString());
    }

    private int fetches() {
        return service.requests(JWKS).size();
    }

    @Test
    void fetchesOnceAndKeepsWhatItHas() {
        for (int token = 0; token < 10; token++) {
            accept(first);
            later(20);
        }
        assertEquals(1, fetches());
    }

    @Test
    void fetchesAgainBeforeTheCacheRunsOut() {
        accept(first);
        later(225);
        accept(first);
        assertEquals(2, fetches());
    }

    @Test
    void findsAKeyThatWasRotatedIn() {
        accept(first);
        service.on(JWKS, keys(first, second));
        later(31);
        accept(second);
        assertEquals(2, fetches());
    }

    @Test
    void forgedKeyIdsDoNotMakeItFetchWithoutPause() {
        accept(first);
        for (int token = 0; token < 20; token++) {
            assertEquals(Code.KEY_UNKNOWN, verify(second));
        }
        assertEquals(1, fetches());
        later(31);
        for (int token = 0; token < 20; token++) {
            assertEquals(Code.KEY_UNKNOWN, verify(second));
        }
        assertEquals(2, fetches());
    }

    @Test
    void aWithdrawnKeyEndsWithTheCache() {
        accept(first);
        service.on(JWKS, keys(second));
        later(300);
        assertEquals(Code.KEY_UNKNOWN, verify(first));
        accept(second);
    }

    @Test
    void aShortOutageIsNotNoticed() {
        accept(first);
        service.on(JWKS, status(503, "{}"));
        later(299);
        accept(first);
    }

    @Test
    void withoutFreshKeysNothingIsAccepted() {
        accept(first);
        service.on(JWKS, status(503, "{}"));
        later(300);
        assertEquals(Code.KEYS_UNAVAILABLE, verify(first));
        service.on(JWKS, keys(first));
        assertEquals(Code.KEYS_UNAVAILABLE, verify(first), "the cool-down holds after a failure, too");
        later(30);
        accept(first);
    }

    @Test
    void anUnknownKeyDuringAnOutageMayYetBeKnown() {
        accept(first);
        service.on(JWKS, status(503, "{}"));
        later(31);
        assertEquals(Code.KEYS_UNAVAILABLE, verify(second));
        accept(first);
    }

    @Test
    void askedByManyAtOnceItFetchesOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int caller = 0; caller < 50; caller++) {
                threads.execute(() -> accept(first));
            }
        } finally {
            threads.shutdown();
            assertEquals(true, threads.awaitTermination(20, TimeUnit.SECONDS));
        }
        assertEquals(1, fetches());
    }

    @Test
    void keepsASetWithoutPermissionOnlyForTheCoolDown() {
        service.on(JWKS, json(TokenMaker.jwks(first), "Cache-Control", "no-store"));
        accept(first);
        accept(first);
        assertEquals(1, fetches());
        later(30);
        accept(first);
        assertEquals(2, fetches());
    }

    @Test
    void keepsNoSetForLongerThanAnHour() {
        service.on(JWKS, json(TokenMaker.jwks(first), "Cache-Control", "max-age=999999999"));
        accept(first);
        service.on(JWKS, keys(second));
        later(3600);
        assertEquals(Code.KEY_UNKNOWN, verify(first));
    }

    @Test
    void refusesDiscoveryOfAnotherIssuer() {
        service.on(DISCOVERY, json(discovery("https://evil.example", service.url() + JWKS)));
        assertEquals(Code.KEYS_UNAVAILABLE, verify(first));
        assertEquals(0, fetches());
    }

    static Stream<String> elsewhere() {
        return Stream.of(
                "https://evil.example/jwks",
                "http://evil.example/jwks",
                "http://localhost:1/jwks",
                "file:///etc/passwd",
                "jwks.json",
                "");
    }

    @ParameterizedTest
    @MethodSource("elsewhere")
    void isNotSentElsewhereForKeys(String jwksUri) {
        service.on(DISCOVERY, json(discovery(service.url(), jwksUri)));
        assertEquals(Code.KEYS_UNAVAILABLE, verify(first));
    }

    static Stream<Reply> badSets() {
        var maker = new TokenMaker("https://countersign.example", Curve.P_256);
        String one = maker.key().toPublicJWK().toJSONString();
        return Stream.of(
                json("{\"keys\": [" + one + ", " + one + "]}"),
                json("{\"keys\": [], \"keys\": [" + one + "]}"),
                json("{}"),
                json("<html>"),
                status(302, "", "Location", "/elsewhere"),
                StubService.huge());
    }

    @ParameterizedTest
    @MethodSource("badSets")
    void aSetThatIsAmbiguousOrNoneIsNotUsed(Reply reply) {
        service.on(JWKS, reply);
        assertEquals(Code.KEYS_UNAVAILABLE, verify(first));
    }

    @Test
    void aServiceThatIsAwayIsNoReasonToAccept() {
        service.close();
        assertEquals(Code.KEYS_UNAVAILABLE, verify(first));
    }
}
