package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.proof.KeptClient.Heard;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Replicas behind HAProxy are stopped with SIGTERM while key services and machines ask, and nobody notices. */
class RollingRestartIT {
    /** Twice what HAProxy needs to notice, and more: docs/replicas.md says how the two belong together. */
    private static final Duration DRAIN = Duration.ofSeconds(3);

    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final int CLIENTS = 3;

    @SuppressWarnings("NullAway.Init") // Started before the first test.
    private static Replicas replicas;

    @BeforeAll
    static void start() throws Exception {
        replicas = Replicas.start(2, Map.of("quarkus.shutdown.delay", DRAIN.toSeconds() + "s"));
    }

    @AfterAll
    static void stop() throws IOException {
        if (replicas != null) {
            replicas.close();
        }
    }

    @Test
    void everyReplicaIsRestartedUnderLoadAndNotOneRequestIsLost() throws Exception {
        var over = new AtomicBoolean();
        var rounds = new ArrayList<Integer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var clients = new ArrayList<Future<Integer>>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(threads.submit(() -> load(over)));
            }
            try {
                Thread.sleep(Duration.ofSeconds(1));
                for (PackagedService each : replicas.services()) {
                    Duration stopping = each.terminate();
                    assertTrue(stopping.compareTo(DRAIN) >= 0, "it went without a period of grace: " + stopping);
                    each.startAgain();
                    replicas.balancer().awaitUp(replicas.services().size());
                    everyOneTakesTheOthersChallenges();
                }
                Thread.sleep(Duration.ofSeconds(1));
            } finally {
                over.set(true);
            }
            for (Future<Integer> client : clients) {
                rounds.add(client.get());
            }
        }
        assertTrue(rounds.stream().allMatch(each -> each > 20), rounds.toString());
        replicas.balancer().rows().forEach((name, row) -> {
            for (String trouble : List.of("wretr", "wredis", "econ", "eresp", "hrsp_5xx")) {
                assertEquals(0, row.count(trouble), "%s of %s: %s".formatted(trouble, name, row));
            }
        });
    }

    /** Asked directly: which of them HAProxy picks depends on how its clients happen to take turns. */
    private static void everyOneTakesTheOthersChallenges() throws IOException, InterruptedException {
        for (PackagedService maker : replicas.services()) {
            for (PackagedService other : replicas.services()) {
                Attesting.Said said = Attesting.post(other, replicas.machine().request(Attesting.challenge(maker)));
                assertTrue(said.accepted(), said.body());
            }
        }
    }

    /** Challenge, attestation, consumption, and both once more: each answer is the one that a single replica gives. */
    private static int load(AtomicBoolean over) throws Exception {
        int rounds = 0;
        try (var client = new KeptClient(replicas.balancer().address())) {
            while (!over.get()) {
                Heard challenge = client.challenge();
                assertEquals(200, challenge.status(), challenge.toString());
                String request = replicas.machine().request(challenge.text("nonce"));
                Heard attested = client.post("/v1/attestations", request);
                assertEquals(200, attested.status(), attested.toString());
                Heard consumed = client.introspect(attested.text("token"), true);
                assertEquals("consumed-now", consumed.text("countersign_single_use"), consumed.toString());
                Heard again = client.introspect(attested.text("token"), true);
                assertEquals("consumed", again.text("countersign_reason"), again.toString());
                Heard replayed = client.post("/v1/attestations", request);
                assertTrue(replayed.is(409, "nonce-used"), replayed.toString());
                rounds++;
                Thread.sleep(PAUSE); // Leaves the replica that starts something of the processor.
            }
        }
        return rounds;
    }

    /** Without a balancer: what is under way ends well, and connections that are kept are told to go. */
    @Test
    void whatIsUnderWayEndsWellAndKeptConnectionsAreToldToGo() throws Exception {
        PackagedService replica = replicas.services().getFirst();
        String nonce = Attesting.challenge(replica);
        byte[] body = replicas.machine().request(nonce).getBytes(StandardCharsets.UTF_8);
        try (var slow = new Socket(
                        InetAddress.getLoopbackAddress(), replica.address().getPort());
                var kept = new KeptClient(replica.address());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertEquals(200, kept.challenge().status());
            var out = slow.getOutputStream();
            out.write(("POST /v1/attestations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            + "Content-Length: %d\r\n\r\n".formatted(body.length))
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(body, 0, body.length / 2);
            out.flush();
            Callable<Duration> stopping = replica::terminate;
            Future<Duration> stopped = threads.submit(stopping);
            awaitUnready(kept);
            // In the period of grace everything is answered, and nobody is to come back.
            Heard late = kept.challenge();
            assertEquals(200, late.status(), late.toString());
            assertEquals(
                    "close",
                    late.whole().headers().firstValue("Connection").orElse("kept"),
                    late.whole().headers().toString());
            // After it, nothing new is; what came half before still ends.
            Thread.sleep(DRAIN.plusMillis(500));
            out.write(body, body.length / 2, body.length - body.length / 2);
            out.flush();
            var in = new BufferedReader(new InputStreamReader(slow.getInputStream(), StandardCharsets.UTF_8));
            assertEquals("HTTP/1.1 200 OK", in.readLine());
            assertTrue(stopped.get().compareTo(DRAIN) >= 0);
        }
        replica.startAgain();
        replicas.balancer().awaitUp(replicas.services().size());
    }

    private static void awaitUnready(KeptClient client) throws IOException, InterruptedException {
        Instant late = Instant.now().plus(DRAIN);
        while (client.get("/q/health/ready").status() != 503) {
            assertTrue(Instant.now().isBefore(late), "it stayed ready");
            Thread.sleep(Duration.ofMillis(20));
        }
    }
}
