package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.insecure.DemoAttester;
import io.countersign.proof.KeptClient.Heard;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A replica whose clock is wrong, beside one whose clock is right, with one Redis; and one without Redis. The clock is that of
 * the packaged service, moved by libfaketime while it runs.
 */
class ClockSkewIT {
    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"),
            Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"),
            Path.of("/usr/lib64/faketime/libfaketimeMT.so.1"));
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<AutoCloseable> OPENED = new ArrayList<>();

    private static Attesting machine;
    private static Path clock;
    private static KeptClient right;
    private static KeptClient wrong;
    private static KeptClient alone;

    @BeforeAll
    static void start() throws Exception {
        Optional<Path> library = LIBRARIES.stream().filter(Files::exists).findFirst();
        Assumptions.assumeTrue(library.isPresent(), "libfaketime is not installed; no clock is moved here");
        RedisProcess redis = opened(RedisProcess.start());
        Path shared = Files.createTempDirectory("countersign-proof-");
        clock = shared.resolve("clock");
        moveClock("+0");
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        Path secretFile = Files.write(shared.resolve("challenge.secret"), secret);
        var amd = DemoAttester.start(new SecureRandom(), Instant.now());
        machine = new Attesting(amd);
        var settings = new TreeMap<>(Map.of(
                "countersign.data-dir",
                shared.resolve("data").toString(),
                "countersign.issuer",
                "https://countersign.example",
                "countersign.callers.kms.secret-sha256",
                Bytes.utf8(Replicas.SECRET).sha256().toString(),
                "countersign.callers.kms.audiences",
                "kms"));
        // Read anew at each question; what measures durations is left alone, as when a clock is set.
        Map<String, String> faked = Map.of(
                "LD_PRELOAD", library.orElseThrow().toString(),
                "FAKETIME_TIMESTAMP_FILE", clock.toString(),
                "FAKETIME_NO_CACHE", "1",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                // Else waits with a time limit hang: this C library needs no such repair.
                "FAKETIME_FORCE_MONOTONIC_FIX", "0");
        alone = client(PackagedService.start(amd, settings, faked));
        settings.put("countersign.redis-url", redis.url());
        settings.put("countersign.challenge.secret-file", secretFile.toString());
        right = client(PackagedService.start(amd, settings));
        wrong = client(PackagedService.start(amd, settings, faked));
    }

    private static KeptClient client(PackagedService service) {
        opened(service);
        return opened(new KeptClient(service.address()));
    }

    private static <T extends AutoCloseable> T opened(T closeable) {
        OPENED.addFirst(closeable);
        return closeable;
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : OPENED) {
            each.close();
        }
    }

    /** Set right again, it serves again by itself. */
    @AfterEach
    void itServesAgainByItself() throws Exception {
        moveClock("+0");
        for (KeptClient each : List.of(wrong, alone)) {
            Instant late = Instant.now().plus(PATIENCE);
            Heard heard = tried(each);
            while (heard.status() != 200) {
                assertTrue(Instant.now().isBefore(late), heard.toString());
                Thread.sleep(Duration.ofMillis(100));
                heard = tried(each);
            }
        }
    }

    private static Heard tried(KeptClient client) throws IOException, InterruptedException {
        Heard challenge = client.challenge();
        return challenge.status() == 200 ? attest(client, challenge.text("nonce")) : challenge;
    }

    private static Heard attest(KeptClient client, String nonce) throws IOException, InterruptedException {
        return client.post("/v1/attestations", machine.request(nonce));
    }

    private static String nonce(KeptClient client) throws IOException, InterruptedException {
        Heard challenge = client.challenge();
        assertEquals(200, challenge.status(), challenge.toString());
        return challenge.text("nonce");
    }

    /** In libfaketime's words; whole or not at all, because it is read all the time. */
    private static void moveClock(String offset) throws IOException {
        Path draft = Files.writeString(clock.resolveSibling("clock.new"), offset + "\n");
        Files.move(draft, clock, StandardCopyOption.ATOMIC_MOVE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+20s", "-20s"})
    void someSecondsAreTaken(String offset) throws Exception {
        moveClock(offset);
        Heard attested = attest(right, nonce(wrong));
        assertEquals(200, attested.status(), attested.toString());
        attested = attest(wrong, nonce(right));
        assertEquals(200, attested.status(), attested.toString());
        Heard told = right.introspect(attested.text("token"), true);
        assertEquals("consumed-now", told.text("countersign_single_use"), told.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"+10m", "-10m"})
    void aReplicaThatIsMinutesOffSpendsNothingAndSaysWhyAndTheOthersGoOn(String offset) throws Exception {
        String open = nonce(wrong);
        moveClock(offset);
        Heard refused = attest(wrong, open);
        if (offset.startsWith("+")) {
            // To that replica the challenge is over: it asks for a new one, and there it ends.
            assertTrue(refused.is(410, "nonce-expired") || refused.is(503, "store-unavailable"), refused.toString());
        } else {
            assertTrue(refused.is(503, "store-unavailable") && refused.retryAfter(), refused.toString());
        }
        awaitNoChallenges();
        String health = wrong.get("/q/health/ready").whole().body();
        assertTrue(health.contains("clock"), health);
        assertTrue(wrong.get("/q/metrics").whole().body().contains("countersign_store_up{kind=\"redis\"} 0"));
        // The other one serves, and takes what the wrong one had given out before.
        assertEquals(200, attest(right, open).status());
        assertEquals(200, attest(right, nonce(right)).status());
    }

    private static void awaitNoChallenges() throws IOException, InterruptedException {
        Instant late = Instant.now().plus(PATIENCE);
        Heard heard = wrong.challenge();
        while (heard.status() == 200) {
            assertTrue(Instant.now().isBefore(late), "it still makes challenges");
            Thread.sleep(Duration.ofMillis(200));
            heard = wrong.challenge();
        }
        assertTrue(heard.is(503, "store-unavailable") && heard.retryAfter(), heard.toString());
    }

    @Test
    void withoutRedisAClockThatJumpsAheadEndsChallengesAndNewOnesAreGood() throws Exception {
        String open = nonce(alone);
        moveClock("+6m");
        Heard over = attest(alone, open);
        assertTrue(over.is(410, "nonce-expired"), over.toString());
        Heard fresh = attest(alone, nonce(alone));
        assertEquals(200, fresh.status(), fresh.toString());
        // Whose clock is right does not believe a token from the future yet.
        Heard early = right.introspect(fresh.text("token"), false);
        assertEquals("not-yet-valid", early.text("countersign_reason"), early.toString());
    }

    @Test
    void withoutRedisAClockThatIsSetBackLetsNoSpentChallengeThroughAgain() throws Exception {
        String spent = nonce(alone);
        assertEquals(200, attest(alone, spent).status());
        moveClock("-6m");
        Heard again = attest(alone, spent);
        assertTrue(again.is(409, "nonce-used") || again.is(400, "nonce-unknown"), again.toString());
        moveClock("+0");
        again = attest(alone, spent);
        assertTrue(again.is(409, "nonce-used") || again.is(400, "nonce-unknown"), again.toString());
    }
}
