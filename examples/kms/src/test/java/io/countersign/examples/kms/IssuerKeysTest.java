package io.countersign.examples.kms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.ECKey;
import io.countersign.examples.kms.StubIssuer.Answer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long which key is believed. The defaults: five minutes at most, ten seconds between fetches. */
class IssuerKeysTest extends KmsTest {
    /** Long, so that a test which waits for a fetch fails instead of passing late. */
    @Override
    Map<String, String> settings() {
        return Map.of("kms.keys.timeout", "60s");
    }

    @Test
    void keysAreFetchedOnceAndKept() throws Exception {
        release();
        release();
        assertEquals(1, issuer.fetchesOfKeys.get());
    }

    @Test
    void aNewKeyIsFoundWithoutWaiting() throws Exception {
        release();
        clock.advance(Duration.ofSeconds(10));
        ECKey newer = StubIssuer.freshKey();
        issuer.published = List.of(issuer.signingKey, newer);
        release();
        assertEquals(1, issuer.fetchesOfKeys.get(), "for the known key nothing is fetched");
        Expect.released(kms.release(GoodToken.sign(claims(), newer)), recipient);
        assertEquals(2, issuer.fetchesOfKeys.get());
    }

    @Test
    void inventedKeysMakeNoFlood() throws Exception {
        release();
        clock.advance(Duration.ofSeconds(10));
        ECKey invented = StubIssuer.freshKey();
        for (int i = 0; i < 5; i++) {
            Expect.refused(401, "signing-key-unknown", kms.release(GoodToken.sign(claims(), StubIssuer.freshKey())));
        }
        assertEquals(2, issuer.fetchesOfKeys.get());
        clock.advance(Duration.ofMillis(9_999));
        Expect.refused(401, "signing-key-unknown", kms.release(GoodToken.sign(claims(), invented)));
        assertEquals(2, issuer.fetchesOfKeys.get());
        clock.advance(Duration.ofMillis(1));
        Expect.refused(401, "signing-key-unknown", kms.release(GoodToken.sign(claims(), invented)));
        assertEquals(3, issuer.fetchesOfKeys.get());
        release();
    }

    /** Otherwise anybody could hold up all releases while the issuer is slow. */
    @Test
    void whoeverHasAKnownKeyDoesNotWaitForTheFetchThatAnInventedOneCauses() throws Exception {
        release();
        clock.advance(Duration.ofSeconds(10));
        issuer.gate = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            String invented = GoodToken.sign(claims(), StubIssuer.freshKey());
            String known = token(claims -> {});
            try {
                Future<HttpResponse<String>> waiting = threads.submit(() -> kms.release(invented));
                while (issuer.fetchesOfKeys.get() < 2) {
                    Thread.sleep(Duration.ofMillis(10));
                }
                Expect.released(threads.submit(() -> kms.release(known)).get(15, TimeUnit.SECONDS), recipient);
                issuer.gate.countDown();
                Expect.refused(401, "signing-key-unknown", waiting.get());
            } finally {
                issuer.gate.countDown();
            }
        }
    }

    @Test
    void rotatedAway() throws Exception {
        release();
        ECKey old = issuer.signingKey;
        issuer.signingKey = StubIssuer.freshKey();
        issuer.published = List.of(issuer.signingKey);
        clock.advance(Duration.ofSeconds(299));
        // The window that the README names.
        Expect.released(kms.release(GoodToken.sign(claims(), old)), recipient);
        clock.advance(Duration.ofSeconds(1));
        Expect.refused(401, "signing-key-unknown", kms.release(GoodToken.sign(claims(), old)));
        release();
    }

    /** A key that is met before the five minutes are over makes the KMS notice at once that another is gone. */
    @Test
    void rotatedAwayIsNoticedWithTheFirstTokenOfTheNewKey() throws Exception {
        release();
        ECKey old = issuer.signingKey;
        issuer.signingKey = StubIssuer.freshKey();
        issuer.published = List.of(issuer.signingKey);
        clock.advance(Duration.ofSeconds(10));
        release();
        Expect.refused(401, "signing-key-unknown", kms.release(GoodToken.sign(claims(), old)));
    }

    @ParameterizedTest
    @CsvSource({
        "max-age=3600, 300",
        "'public, max-age=60', 60",
        "max-age=0, 10",
        "no-store, 10",
        "'no-cache, max-age=300', 10",
        "nonsense, 10"
    })
    void cacheControlShortensOnly(String cacheControl, int seconds) throws Exception {
        issuer.cacheControl = cacheControl;
        release();
        clock.advance(Duration.ofMillis(seconds * 1000L - 1));
        release();
        assertEquals(1, issuer.fetchesOfKeys.get());
        clock.advance(Duration.ofMillis(1));
        release();
        assertEquals(2, issuer.fetchesOfKeys.get());
    }

    @Test
    void theIssuersAbsenceIsBridgedAsLongAsKeysAreBelieved() throws Exception {
        release();
        issuer.discovery = new Answer(503, "");
        clock.advance(Duration.ofSeconds(299));
        release();
        clock.advance(Duration.ofSeconds(1));
        var answer = kms.release(token(claims -> {}));
        Expect.refused(503, "issuer-unavailable", answer);
        assertTrue(answer.headers().firstValue("Retry-After").isPresent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "null",
                "{}",
                "[]",
                "{\"keys\": 7}",
                "{\"keys\": [{\"kty\": \"EC\", \"crv\": \"P-256\", \"x\": \"AA\", \"y\": \"AA\"}]}"
            })
    void keysThatAreNoneRefuse(String keys) throws Exception {
        issuer.keys = new Answer(200, keys);
        int status = kms.release(token(claims -> {})).statusCode();
        assertTrue(status == 503 || status == 401, "was " + status);
        clock.advance(Duration.ofSeconds(10));
        issuer.keys = null;
        release();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "null",
                "{}",
                "{\"issuer\": \"ISSUER\"}",
                "{\"issuer\": \"ISSUER\", \"jwks_uri\": 7}",
                "{\"issuer\": \"ISSUER\", \"jwks_uri\": \"no address\"}",
                "{\"issuer\": \"ISSUER\", \"jwks_uri\": \"file:///etc/passwd\"}",
                "{\"issuer\": \"https://another.example\", \"jwks_uri\": \"ISSUER/jwks\"}",
                "{\"issuer\": \"ISSUER/\", \"jwks_uri\": \"ISSUER/jwks\"}",
                "{\"jwks_uri\": \"ISSUER/jwks\"}"
            })
    void aDiscoveryDocumentThatIsNoneRefuses(String document) throws Exception {
        issuer.discovery = new Answer(200, document.replace("ISSUER", issuer.address()));
        Expect.refused(503, "issuer-unavailable", kms.release(token(claims -> {})));
        assertEquals(0, issuer.fetchesOfKeys.get());
    }

    private void release() throws Exception {
        Expect.released(kms.release(token(claims -> {})), recipient);
    }
}
