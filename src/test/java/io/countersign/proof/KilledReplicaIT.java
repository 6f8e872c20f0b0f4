package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.proof.KeptClient.Heard;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Replicas are killed with SIGKILL at moments that nobody chose, while clients ask. Whatever was answered stays so at every
 * other replica; who lost an answer sends the same request again.
 */
class KilledReplicaIT {
    private static final int KILLS = 3;
    private static final int CLIENTS = 3;
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @SuppressWarnings("NullAway.Init") // Started before the first test.
    private static Replicas replicas;

    /** Where in time the kills fall: whatever the seed, the test has to hold; it is said so that a failure can be repeated. */
    private final long seed = System.nanoTime();

    private final Random random = new Random(seed);
    private final ConcurrentLinkedQueue<Given> given = new ConcurrentLinkedQueue<>();
    private final AtomicInteger lostAnswers = new AtomicInteger();
    private final AtomicInteger lostBetweenSpendingAndKeeping = new AtomicInteger();

    /** A token that a client has in its hands, how it asked for it, and whether it has consumed it. */
    private record Given(String key, String request, String nonce, String token, boolean consumed) {}

    @FunctionalInterface
    private interface Asking {
        Heard ask() throws IOException, InterruptedException;
    }

    @BeforeAll
    static void start() throws Exception {
        replicas = Replicas.start(2, Map.of());
    }

    @AfterAll
    static void stop() throws IOException {
        if (replicas != null) {
            replicas.close();
        }
    }

    @Test
    void aReplicaKilledAtAnyMomentLosesNothingThatWasAnswered() throws Exception {
        var over = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var clients = new ArrayList<Future<Void>>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(threads.submit(() -> load(over)));
            }
            try {
                for (int kill = 0; kill < KILLS; kill++) {
                    Thread.sleep(Duration.ofMillis(500L + random.nextInt(1000)));
                    int victim = random.nextInt(replicas.services().size());
                    replicas.services().get(victim).kill();
                    allOfItStands(victim);
                    replicas.services().get(victim).startAgain();
                    replicas.balancer().awaitUp(replicas.services().size());
                }
            } finally {
                over.set(true);
            }
            for (Future<Void> client : clients) {
                client.get();
            }
        }
        allOfItStands(-1);
        assertTrue(given.size() > 100, "%d tokens were given".formatted(given.size()));
        System.out.printf(
                "%d tokens, %d answers lost by %d kills, of which %d after the challenge was spent (seed %d)%n",
                given.size(), lostAnswers.get(), KILLS, lostBetweenSpendingAndKeeping.get(), seed);
    }

    private Void load(AtomicBoolean over) throws Exception {
        try (var client = new KeptClient(replicas.balancer().address())) {
            for (int round = 0; !over.get(); round++) {
                String nonce = persistently(client::challenge).text("nonce");
                String request = replicas.machine().request(nonce);
                String key = UUID.randomUUID().toString();
                Heard attested = persistently(
                        () -> client.post("/v1/attestations", request, "Idempotency-Key", '"' + key + '"'));
                if (attested.is(409, "nonce-used")) {
                    // The replica died after the challenge was spent and before the answer was kept: nobody has a
                    // token.
                    lostBetweenSpendingAndKeeping.incrementAndGet();
                    continue;
                }
                assertEquals(200, attested.status(), attested.toString());
                String token = attested.text("token");
                boolean consumed = round % 2 == 0;
                if (consumed) {
                    Heard told = persistently(() -> client.introspect(token, true));
                    if (!told.text("countersign_single_use").equals("consumed-now")) {
                        // The answer that said so was lost: for the key service this token is gone, and rightly.
                        assertEquals("consumed", told.text("countersign_reason"), told.toString());
                    }
                }
                given.add(new Given(key, request, nonce, token, consumed));
                Thread.sleep(PAUSE); // Leaves the replica that starts something of the processor.
            }
        }
        return null;
    }

    /** Until there is an answer of the service: what a client does that has lost one, or heard the balancer's own 502. */
    private Heard persistently(Asking asking) throws Exception {
        Instant late = Instant.now().plus(PATIENCE);
        while (true) {
            try {
                Heard heard = asking.ask();
                // HAProxy's own pages have no code: 502, the replica died over the request; 503, it was gone before it.
                if (!heard.text("code").isEmpty() || heard.status() < 500) {
                    return heard;
                }
                assertTrue(List.of(502, 503).contains(heard.status()), heard.toString());
            } catch (IOException e) {
                assertTrue(Instant.now().isBefore(late), () -> "no answer within %s: %s".formatted(PATIENCE, e));
            }
            lostAnswers.incrementAndGet();
            assertTrue(Instant.now().isBefore(late), "no answer of a replica within " + PATIENCE);
            Thread.sleep(Duration.ofMillis(50));
        }
    }

    /** What was given so far, at every replica that is alive. */
    private void allOfItStands(int dead) throws Exception {
        List<Given> all = List.copyOf(given);
        List<Given> last = all.subList(Math.max(0, all.size() - 40), all.size());
        for (int i = 0; i < replicas.services().size(); i++) {
            if (i == dead) {
                continue;
            }
            try (var client = new KeptClient(replicas.services().get(i).address())) {
                for (Given each : last) {
                    stands(each, client);
                }
            }
        }
    }

    private static void stands(Given each, KeptClient client) throws IOException, InterruptedException {
        Heard token = client.introspect(each.token(), false);
        if (each.consumed()) {
            assertEquals("consumed", token.text("countersign_reason"), token.toString());
        } else {
            assertEquals("unused", token.text("countersign_single_use"), token.toString());
        }
        Heard spent = client.post("/v1/attestations", each.request());
        assertTrue(spent.is(409, "nonce-used"), spent.toString());
        Heard repeated = client.post("/v1/attestations", each.request(), "Idempotency-Key", '"' + each.key() + '"');
        assertEquals(200, repeated.status(), repeated.toString());
        assertEquals(each.token(), repeated.text("token"));
    }
}
