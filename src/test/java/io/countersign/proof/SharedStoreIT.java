package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.insecure.DemoAttester;
import io.countersign.proof.Attesting.Said;
import java.io.IOException;
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
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Two packaged services with one secret and one Redis, which is killed and comes back under load. Over everything that happens
 * here, the ledger counts how often each challenge was accepted.
 */
class SharedStoreIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int THREADS = 4;
    private static final int ROUNDS = 60;

    private static final List<AutoCloseable> OPENED = new ArrayList<>();
    private static final ConcurrentMap<String, AtomicInteger> LEDGER = new ConcurrentHashMap<>();

    private static Attesting machine;
    private static RedisProcess redis;
    private static List<PackagedService> services;

    @BeforeAll
    static void start() throws Exception {
        // It writes down what it does, up to a second late: a kill brings back the epoch's value and may lose the last
        // spends, which is the worst that a restart can do.
        redis = opened(RedisProcess.start("--appendonly", "yes", "--appendfsync", "everysec"));
        Path secret = Files.createTempFile("countersign-proof-", ".secret");
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        Files.write(secret, bytes);
        DemoAttester amd = DemoAttester.start(new SecureRandom(), Instant.now());
        machine = new Attesting(amd);
        Map<String, String> settings =
                Map.of("countersign.redis-url", redis.url(), "countersign.challenge.secret-file", secret.toString());
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
    void noChallengeWasEverAcceptedTwice() {
        LEDGER.forEach((nonce, accepted) -> assertTrue(accepted.get() <= 1, nonce + " was accepted " + accepted));
    }

    /** Posts, and writes down what was accepted: every attestation of this class goes through here. */
    private static Said attest(PackagedService service, String nonce, String request)
            throws IOException, InterruptedException {
        Said said = Attesting.post(service, request);
        if (said.accepted()) {
            LEDGER.computeIfAbsent(nonce, _ -> new AtomicInteger()).incrementAndGet();
        }
        return said;
    }

    private static Said attest(PackagedService service, String nonce) throws IOException, InterruptedException {
        return attest(service, nonce, machine.request(nonce));
    }

    private static PackagedService service(int number) {
        return services.get(number % services.size());
    }

    @Test
    void challengeOfOneServiceIsAcceptedByTheOtherAndThenByNeither() throws Exception {
        for (int maker = 0; maker < services.size(); maker++) {
            String nonce = Attesting.challenge(service(maker));
            assertEquals(200, attest(service(maker + 1), nonce).status());
            for (PackagedService service : services) {
                Said again = attest(service, nonce);
                assertTrue(again.is(409, "nonce-used"), again.body());
            }
        }
    }

    @Test
    void challengePostedToBothAtOnceIsAcceptedByExactlyOneUnderLoad() throws Exception {
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            var loads = new ArrayList<Callable<Void>>();
            for (int thread = 0; thread < THREADS; thread++) {
                int number = thread;
                loads.add(() -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        exactlyOne(Attesting.challenge(service(number + round)));
                    }
                    return null;
                });
            }
            for (Future<Void> load : threads.invokeAll(loads)) {
                load.get();
            }
        }
        String metrics = service(0).get("/q/metrics").body();
        assertTrue(metrics.contains("countersign_store_up{kind=\"redis\"} 1"), metrics);
        assertTrue(
                metrics.contains("countersign_store_spends_total{kind=\"challenge\",outcome=\"spent-now\"}"), metrics);
    }

    /** Two requests to each service, all let go in the same moment. */
    private static void exactlyOne(String nonce) throws Exception {
        String request = machine.request(nonce);
        List<PackagedService> asked =
                Stream.concat(services.stream(), services.stream()).toList();
        var together = new CyclicBarrier(asked.size());
        try (ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
            var posts = asked.stream()
                    .map(service -> (Callable<Said>) () -> {
                        together.await();
                        return attest(service, nonce, request);
                    })
                    .toList();
            List<Said> answers =
                    both.invokeAll(posts).stream().map(SharedStoreIT::done).toList();
            assertEquals(1, answers.stream().filter(Said::accepted).count(), answers::toString);
            assertEquals(
                    asked.size() - 1,
                    answers.stream().filter(said -> said.is(409, "nonce-used")).count(),
                    answers::toString);
        }
    }

    private static <T> T done(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void redisThatIsKilledUnderLoadAndComesBackLetsNothingThroughTwice() throws Exception {
        for (int round = 0; round < 2; round++) {
            killedAndBack();
        }
        for (PackagedService service : services) {
            long said = service.log()
                    .lines()
                    .filter(line -> line.contains("cannot be used"))
                    .count();
            assertTrue(said >= 1 && said <= 2, "said " + said + " times that Redis is away:\n" + service.log());
            assertTrue(!service.log().contains("Exception"), service.log());
        }
    }

    /** One answer, and when it was asked for and came. */
    private record Heard(Instant asked, Said said, Instant came) {}

    private static void killedAndBack() throws Exception {
        List<String> spent = new ArrayList<>();
        List<String> open = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String nonce = Attesting.challenge(service(i));
            (i < 10 ? open : spent).add(nonce);
        }
        for (String nonce : spent) {
            assertEquals(200, attest(service(0), nonce).status());
        }
        var heard = new ConcurrentLinkedQueue<Heard>();
        var over = new AtomicBoolean();
        Instant away;
        Instant back;
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            var loads = new ArrayList<Future<Void>>();
            for (int thread = 0; thread < THREADS; thread++) {
                int number = thread;
                loads.add(threads.submit(() -> load(number, spent, heard, over)));
            }
            try {
                Thread.sleep(Duration.ofSeconds(2));
                redis.kill();
                away = Instant.now();
                // Longer than the services believe an epoch that nobody confirms.
                Thread.sleep(Duration.ofSeconds(7));
                for (PackagedService service : services) {
                    var refused = Attesting.askForChallenge(service);
                    Said said = Said.of(refused);
                    assertTrue(said.is(503, "store-unavailable") && said.retryAfter(), said.body());
                    for (String nonce : open) {
                        Said kept = attest(service, nonce);
                        assertTrue(kept.is(503, "store-unavailable") && kept.retryAfter(), kept.body());
                    }
                    var ready = service.get("/q/health/ready");
                    assertEquals(200, ready.statusCode());
                    assertTrue(ready.body().contains("cannot be reached"), ready.body());
                    assertTrue(service.get("/q/metrics").body().contains("countersign_store_up{kind=\"redis\"} 0"));
                }
                back = Instant.now();
                redis.startAgain();
                awaitUse();
                for (PackagedService service : services) {
                    for (String nonce :
                            Stream.concat(open.stream(), spent.stream()).toList()) {
                        Said old = attest(service, nonce);
                        assertTrue(old.is(400, "nonce-unknown"), old.body());
                    }
                }
                Thread.sleep(Duration.ofSeconds(1));
            } finally {
                over.set(true);
            }
            for (Future<Void> load : loads) {
                load.get();
            }
        }
        judge(heard, away, back);
        exactlyOne(Attesting.challenge(service(0)));
        exactlyOne(Attesting.challenge(service(1)));
    }

    private static void judge(Iterable<Heard> heard, Instant away, Instant back) {
        int before = 0;
        int between = 0;
        int after = 0;
        for (Heard each : heard) {
            Said said = each.said();
            if (each.asked().isAfter(away) && each.came().isBefore(back)) {
                between++;
                assertTrue(said.is(503, "store-unavailable") && said.retryAfter(), said.body());
            } else {
                before += said.accepted() && each.came().isBefore(away) ? 1 : 0;
                after += said.accepted() && each.asked().isAfter(back) ? 1 : 0;
                assertTrue(
                        said.accepted()
                                || said.is(409, "nonce-used")
                                || said.is(400, "nonce-unknown")
                                || said.is(503, "store-unavailable") && said.retryAfter(),
                        said.body());
            }
        }
        assertTrue(before > 0, "there was load before");
        assertTrue(between > 0, "there was load while Redis was away");
        assertTrue(after > 0, "there was load afterwards");
    }

    /** Attests with new challenges, each tried at both services and again, and now and then with one that was spent. */
    private static Void load(int number, List<String> spent, ConcurrentLinkedQueue<Heard> heard, AtomicBoolean over)
            throws Exception {
        String nonce = spent.get(number);
        for (int round = number; !over.get(); round++) {
            Said challenge = Said.of(Attesting.askForChallenge(service(round)));
            if (challenge.status() == 200) {
                nonce = challenge.nonce();
            } else {
                assertTrue(challenge.is(503, "store-unavailable"), challenge.body());
            }
            for (String each : List.of(nonce, nonce, spent.get(round % spent.size()))) {
                String request = machine.request(each);
                Instant asked = Instant.now();
                Said said = attest(service(round + 1), each, request);
                heard.add(new Heard(asked, said, Instant.now()));
                round++;
            }
        }
        return null;
    }

    /** Until both give challenges that the other accepts. */
    private static void awaitUse() throws Exception {
        Instant late = Instant.now().plus(PATIENCE);
        for (int maker = 0; maker < services.size(); maker++) {
            while (true) {
                assertTrue(Instant.now().isBefore(late), "it came back in vain");
                Said challenge = Said.of(Attesting.askForChallenge(service(maker)));
                if (challenge.status() == 200
                        && attest(service(maker + 1), challenge.nonce()).accepted()) {
                    break;
                }
                Thread.sleep(Duration.ofMillis(20));
            }
        }
    }
}
