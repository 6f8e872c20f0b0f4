package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.insecure.DemoAttester;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Two packaged services with one Redis and the same signing keys, and a key service that consumes tokens at both. Over
 * everything that happens here, the ledger counts how often each token was given up for consumption.
 */
class ConsumedTokensIT {
    private static final String SECRET = "a-secret-of-the-key-service-which-is-long-enough";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int ROUNDS = 40;

    private static final List<AutoCloseable> OPENED = new ArrayList<>();
    private static final ConcurrentMap<String, AtomicInteger> LEDGER = new ConcurrentHashMap<>();

    private static Attesting machine;
    private static RedisProcess redis;
    private static List<PackagedService> services;

    /** An introspection's answer. */
    private record Told(int status, JsonNode body) {
        boolean consumed() {
            return status == 200
                    && body.path("active").asBoolean()
                    && body.path("countersign_single_use").asText().equals("consumed-now");
        }

        boolean is(int expected, String member, String word) {
            return status == expected && body.path(member).asText().equals(word);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        redis = opened(RedisProcess.start("--appendonly", "yes", "--appendfsync", "everysec"));
        Path shared = Files.createTempDirectory("countersign-proof-");
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        Path secret = Files.write(shared.resolve("challenge.secret"), bytes);
        DemoAttester amd = DemoAttester.start(new SecureRandom(), Instant.now());
        machine = new Attesting(amd);
        Map<String, String> settings = Map.of(
                "countersign.redis-url", redis.url(),
                "countersign.challenge.secret-file", secret.toString(),
                "countersign.data-dir", shared.resolve("data").toString(),
                "countersign.issuer", "https://countersign.example",
                "countersign.callers.kms.secret-sha256",
                        Bytes.utf8(SECRET).sha256().toString(),
                "countersign.callers.kms.audiences", "kms");
        services = List.of(opened(PackagedService.start(amd, settings)), opened(PackagedService.start(amd, settings)));
    }

    private static <T extends AutoCloseable> T opened(T closeable) {
        OPENED.addFirst(closeable);
        return closeable;
    }

    @AfterAll
    static void close() throws Exception {
        for (AutoCloseable each : OPENED) {
            each.close();
        }
    }

    @AfterEach
    void noTokenWasEverConsumedTwice() {
        LEDGER.forEach((token, times) -> assertTrue(times.get() <= 1, token + " was consumed " + times + " times"));
    }

    private static PackagedService service(int number) {
        return services.get(number % services.size());
    }

    private static String token(PackagedService service) throws IOException, InterruptedException {
        return Attesting.post(service, machine.request(Attesting.challenge(service)))
                .token();
    }

    /** Asks, and writes down what was given up: every consumption of this class goes through here. */
    private static Told consume(PackagedService service, String token) throws IOException, InterruptedException {
        Told told = introspect(service, "token=" + token + "&consume=true");
        if (told.consumed()) {
            LEDGER.computeIfAbsent(token, _ -> new AtomicInteger()).incrementAndGet();
        }
        return told;
    }

    private static Told introspect(PackagedService service, String form) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                service.postForm("/v1/tokens/introspect", form, "Authorization", "Bearer " + SECRET);
        return new Told(answer.statusCode(), JSON.readTree(answer.body()));
    }

    @Test
    void tokenOfOneServiceIsConsumedAtTheOtherAndThenGoodAtNeither() throws Exception {
        String token = token(service(0));
        assertTrue(introspect(service(1), "token=" + token).is(200, "countersign_single_use", "unused"));
        assertTrue(consume(service(1), token).consumed());
        for (PackagedService service : services) {
            assertTrue(consume(service, token).is(200, "countersign_reason", "consumed"));
            assertTrue(introspect(service, "token=" + token).is(200, "countersign_reason", "consumed"));
        }
    }

    @Test
    void ofManyWhoConsumeOneTokenAtBothServicesAtOnceExactlyOneIsTold() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String token = token(service(round));
            var asked = Stream.of(services, services, services)
                    .flatMap(List::stream)
                    .toList();
            var together = new CyclicBarrier(asked.size());
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var questions = asked.stream()
                        .map(service -> (Callable<Told>) () -> {
                            together.await();
                            return consume(service, token);
                        })
                        .toList();
                int consumed = 0;
                for (var future : threads.invokeAll(questions)) {
                    Told told = future.get();
                    consumed += told.consumed() ? 1 : 0;
                    assertTrue(
                            told.consumed() || told.is(200, "countersign_reason", "consumed"),
                            told.body().toString());
                }
                assertEquals(1, consumed);
            }
        }
    }

    @Test
    void redisThatIsKilledUnderLoadLetsNoTokenBeConsumedTwice() throws Exception {
        var used = new ArrayList<String>();
        var unused = new ArrayList<String>();
        for (int i = 0; i < 10; i++) {
            unused.add(token(service(i)));
            used.add(token(service(i)));
            assertTrue(consume(service(i), used.getLast()).consumed());
        }
        var over = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var load = threads.submit(() -> {
                int asked = 0;
                while (!over.get()) {
                    Told told = consume(service(asked), used.get(asked % used.size()));
                    assertTrue(
                            told.is(200, "countersign_reason", "consumed")
                                    || told.is(200, "countersign_reason", "store-forgot")
                                    || told.is(503, "code", "store-unavailable"),
                            told.body().toString());
                    asked++;
                }
                return asked;
            });
            try {
                Thread.sleep(Duration.ofMillis(500));
                redis.kill();
                for (PackagedService service : services) {
                    for (String token :
                            Stream.concat(used.stream(), unused.stream()).toList()) {
                        Told told = consume(service, token);
                        assertTrue(
                                told.is(503, "code", "store-unavailable"),
                                told.body().toString());
                    }
                }
                redis.startAgain();
                awaitUse();
                for (PackagedService service : services) {
                    for (String token :
                            Stream.concat(used.stream(), unused.stream()).toList()) {
                        Told told = consume(service, token);
                        assertTrue(
                                told.is(200, "countersign_reason", "store-forgot"),
                                told.body().toString());
                    }
                }
            } finally {
                over.set(true);
            }
            assertTrue(load.get() > 0, "there was load");
        }
        assertTrue(consume(service(1), token(service(0))).consumed());
    }

    /** Until a token of each is consumed at the other. */
    private static void awaitUse() throws Exception {
        Instant late = Instant.now().plus(PATIENCE);
        for (int maker = 0; maker < services.size(); maker++) {
            while (true) {
                assertTrue(Instant.now().isBefore(late), "it came back in vain");
                var challenge = Attesting.Said.of(Attesting.askForChallenge(service(maker)));
                if (challenge.status() == 200) {
                    var made = Attesting.post(service(maker), machine.request(challenge.nonce()));
                    if (made.accepted()
                            && consume(service(maker + 1), made.token()).consumed()) {
                        break;
                    }
                }
                Thread.sleep(Duration.ofMillis(50));
            }
        }
    }
}
