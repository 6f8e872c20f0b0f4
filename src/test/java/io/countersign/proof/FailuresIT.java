package io.countersign.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.proof.KeptClient.Heard;
import io.countersign.service.collateral.FakeVendor;
import io.countersign.service.collateral.FakeVendor.Reply;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What goes wrong around a running service, and what callers see of it. One service lives through everything here: after each
 * accident it has to serve again by itself. What to do about each stands in docs/operate.md.
 */
class FailuresIT {
    private static final Duration WAIT_AT_MOST = Duration.ofSeconds(2);
    /** For a machine that does other things too. */
    private static final Duration SLACK = Duration.ofSeconds(3);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final List<AutoCloseable> OPENED = new ArrayList<>();

    private static OnlineMachine machine;
    private static RedisProcess redis;
    private static PackagedService service;
    private static KeptClient client;
    private static Path data;

    @BeforeAll
    static void start() throws Exception {
        List<String> user = Underprivileged.words();
        machine = opened(new OnlineMachine());
        redis = opened(RedisProcess.start());
        data = Underprivileged.folder();
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        Path secretFile = Files.write(Files.createTempFile("countersign-proof-", ".secret"), secret);
        Files.setPosixFilePermissions(secretFile, PosixFilePermissions.fromString("rw-r--r--"));
        var settings = new TreeMap<>(Map.of(
                "countersign.redis-url", redis.url(),
                "countersign.challenge.secret-file", secretFile.toString(),
                "countersign.data-dir", data.toString(),
                "countersign.collateral.offline", "false",
                "countersign.collateral.amd-kds-url", machine.kds().url().toString(),
                // Each accident takes new chips, and all come from one client.
                "countersign.collateral.budget.chips", "1000",
                "countersign.collateral.wait-at-most", WAIT_AT_MOST.toSeconds() + "s",
                "countersign.callers.kms.secret-sha256",
                        Bytes.utf8(Replicas.SECRET).sha256().toString(),
                "countersign.callers.kms.audiences", "kms"));
        for (String wait : List.of("throttled.first", "throttled.longest", "failing.first", "failing.longest")) {
            settings.put("countersign.collateral." + wait, "1s");
        }
        service = opened(PackagedService.startUnder(user, machine.amd(), settings));
        client = opened(new KeptClient(service.address()));
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

    /** Whatever happened: it serves, with what it has and with what it must fetch. */
    @AfterEach
    void itServesAgainByItself() throws Exception {
        machine.heal();
        Instant late = Instant.now().plus(PATIENCE);
        while (true) {
            Heard heard = client.challenge();
            if (heard.status() == 200) {
                heard = client.post(
                        "/v1/attestations", machine.bringingNothing(machine.newChip(), heard.text("nonce")));
            }
            if (heard.status() == 200 && health().indexOf("trouble") < 0) {
                return;
            }
            assertTrue(Instant.now().isBefore(late), heard + "\n" + health());
            Thread.sleep(Duration.ofMillis(200));
        }
    }

    private static String nonce() throws IOException, InterruptedException {
        Heard challenge = client.challenge();
        assertEquals(200, challenge.status(), challenge.toString());
        return challenge.text("nonce");
    }

    private static Heard attest(String request) throws IOException, InterruptedException {
        return client.post("/v1/attestations", request);
    }

    private static String health() throws IOException, InterruptedException {
        return client.get("/q/health/ready").whole().body();
    }

    /** An attestation for which nothing has to be fetched is accepted, and soon. */
    private static void goesOn() throws IOException, InterruptedException {
        String request = machine.bringingAll(nonce());
        Instant asked = Instant.now();
        Heard heard = attest(request);
        assertEquals(200, heard.status(), heard.toString());
        assertTrue(Duration.between(asked, Instant.now()).compareTo(WAIT_AT_MOST) < 0, "it was held up");
    }

    private static long endorsementFiles() throws IOException {
        Path folder = data.resolve("endorsements");
        if (!Files.exists(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toFile().length() > 0)
                    .count();
        }
    }

    /** What a vendor can do instead of answering. */
    enum VendorTrouble {
        SILENT,
        TRICKLES,
        HANGS_UP,
        THROTTLES,
        FAILS,
        SENDS_GARBAGE;

        void begin(FakeVendor vendor) {
            vendor.repliesOtherwise(
                    switch (this) {
                        case SILENT -> new Reply.Plain(200, Map.of(), Bytes.empty());
                        case TRICKLES -> new Reply.Dripping();
                        case HANGS_UP -> new Reply.HangingUp();
                        case THROTTLES -> FakeVendor.status(429);
                        case FAILS -> FakeVendor.status(500);
                        case SENDS_GARBAGE ->
                            new Reply.Plain(200, Map.of(), Bytes.utf8("<html>Please log in to the network</html>"));
                    });
            if (this == SILENT) {
                vendor.closeGate("/");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aVendorInTroubleIsA503InBoundedTimeAndHoldsUpNobodyElse(VendorTrouble trouble) throws Exception {
        trouble.begin(machine.kds());
        String request = machine.bringingNothing(machine.newChip(), nonce());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var another = new KeptClient(service.address())) {
            Instant asked = Instant.now();
            Callable<Heard> question = () -> another.post("/v1/attestations", request);
            var waiting = threads.submit(question);
            for (int i = 0; i < 5; i++) {
                goesOn();
            }
            Heard heard = waiting.get();
            Duration took = Duration.between(asked, Instant.now());
            assertTrue(heard.is(503, "endorsement-unavailable") && heard.retryAfter(), heard.toString());
            // Certificate and revocation list are fetched side by side, so a request waits once.
            assertTrue(took.compareTo(WAIT_AT_MOST.plus(SLACK)) < 0, "it took " + took);
        }
        machine.heal();
        // The challenge was not spent: the very same request is good as soon as the vendor is.
        Instant late = Instant.now().plus(PATIENCE);
        Heard again = attest(request);
        while (again.status() == 503) {
            assertTrue(Instant.now().isBefore(late), again.toString());
            Thread.sleep(Duration.ofMillis(200));
            again = attest(request);
        }
        assertEquals(200, again.status(), again.toString());
    }

    @Test
    void onAFullDiskVerdictsGoOnAndKeysCannotChange() throws Exception {
        long before = endorsementFiles();
        Underprivileged.diskFull(service.pid());
        try {
            Heard heard = attest(machine.bringingNothing(machine.newChip(), nonce()));
            assertEquals(200, heard.status(), heard.toString());
            goesOn();
            assertEquals(200, client.get("/q/health/ready").status());
            assertEquals(before, endorsementFiles(), "something was stored after all");
            rotationFails(Underprivileged.withFullDisk());
        } finally {
            Underprivileged.diskAsBefore(service.pid());
        }
        assertEquals(
                200, attest(machine.bringingNothing(machine.newChip(), nonce())).status());
        awaitMoreFilesThan(before);
    }

    @Test
    void aReadOnlyDataFolderIsNoticedByNobodyButWhoeverRotatesKeys() throws Exception {
        long before = endorsementFiles();
        Underprivileged.writable(data, false);
        try {
            Heard heard = attest(machine.bringingNothing(machine.newChip(), nonce()));
            assertEquals(200, heard.status(), heard.toString());
            goesOn();
            assertEquals(200, client.get("/q/health/ready").status());
            assertEquals(before, endorsementFiles(), "something was stored after all");
            rotationFails(Underprivileged.words());
        } finally {
            Underprivileged.writable(data, true);
        }
        assertEquals(
                200, attest(machine.bringingNothing(machine.newChip(), nonce())).status());
        awaitMoreFilesThan(before);
    }

    /** With a sentence, and without leaving anything behind. */
    private static void rotationFails(List<String> program) throws IOException, InterruptedException {
        Programs.Ran ran = KeyCommand.run(program, data, "rotate");
        assertTrue(ran.output().contains("cannot be written"), ran.output());
        assertFalse(ran.output().contains("Exception"), ran.output());
        try (Stream<Path> files = Files.list(data.resolve("keys"))) {
            assertEquals(
                    List.of(),
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".tmp"))
                            .toList());
        }
    }

    /** They are written after the answer has left. */
    private static void awaitMoreFilesThan(long before) throws IOException, InterruptedException {
        Instant late = Instant.now().plus(PATIENCE);
        while (endorsementFiles() <= before) {
            assertTrue(Instant.now().isBefore(late), "nothing was stored any more");
            Thread.sleep(Duration.ofMillis(100));
        }
    }

    /**
     * A service that has run for a while serves whoever is connected already. One that has not may have to open one of its own
     * jars for a class that it never needed before, and cuts that connection.
     */
    @Test
    void whenThereAreNoFilesLeftNewConnectionsWaitAndKeptOnesAreServed() throws Exception {
        for (int i = 0; i < 50; i++) {
            goesOn();
            try (var other = new KeptClient(service.address())) {
                other.challenge();
            }
        }
        String before = Underprivileged.noMoreFiles(service.pid());
        try (var late = new KeptClient(service.address(), WAIT_AT_MOST)) {
            goesOn();
            assertThrows(HttpTimeoutException.class, late::challenge);
            goesOn();
        } finally {
            Underprivileged.filesAtMost(service.pid(), before);
        }
        try (var fresh = new KeptClient(service.address())) {
            assertEquals(200, fresh.challenge().status());
        }
    }

    @Test
    void aRedisThatHangsIsA503WithinItsTimeoutAndNothingIsLostOnceItGoesOn() throws Exception {
        String request = machine.bringingAll(nonce());
        redis.freeze();
        try {
            Instant asked = Instant.now();
            Heard heard = attest(request);
            Duration took = Duration.between(asked, Instant.now());
            assertTrue(heard.is(503, "store-unavailable") && heard.retryAfter(), heard.toString());
            assertTrue(took.compareTo(Duration.ofSeconds(1).plus(SLACK)) < 0, "it took " + took);
            // It may be the only thing that is wrong: readiness stays, and appraisals go on.
            Heard ready = client.get("/q/health/ready");
            assertEquals(200, ready.status(), ready.toString());
        } finally {
            redis.thaw();
        }
        Instant late = Instant.now().plus(PATIENCE);
        Heard again = attest(request);
        while (again.status() == 503) {
            assertTrue(Instant.now().isBefore(late), again.toString());
            Thread.sleep(Duration.ofMillis(200));
            again = attest(request);
        }
        // Nothing had been spent: the question itself never reached Redis, or was only a look.
        assertEquals(200, again.status(), again.toString());
    }

    @Test
    void keysThatVanishAreNotMissedUntilTheNextStart() throws Exception {
        Path keys = data.resolve("keys");
        Path away = Files.move(keys, data.resolve("keys-away"));
        try {
            awaitHealth("folder trouble");
            goesOn();
        } finally {
            Files.move(away, keys);
        }
        goesOn();
    }

    @Test
    void policiesThatVanishStayInUse() throws Exception {
        Path policies = service.folder().resolve("policies");
        Path away = Files.move(policies, service.folder().resolve("policies-away"));
        try {
            awaitHealth("folder trouble");
            goesOn();
        } finally {
            Files.move(away, policies);
        }
        goesOn();
    }

    private static void awaitHealth(String words) throws IOException, InterruptedException {
        Instant late = Instant.now().plus(PATIENCE);
        while (!health().contains(words)) {
            assertTrue(Instant.now().isBefore(late), health());
            Thread.sleep(Duration.ofMillis(200));
        }
        assertEquals(200, client.get("/q/health/ready").status());
    }

    @Test
    void aClientThatHangsUpLeavesNothingInTheLog() throws Exception {
        for (int i = 0; i < 5; i++) {
            try (var socket = new Socket(
                    InetAddress.getLoopbackAddress(), service.address().getPort())) {
                socket.getOutputStream()
                        .write("POST /v1/attestations HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"
                                .getBytes(StandardCharsets.US_ASCII));
            }
        }
        goesOn();
        assertFalse(service.log().contains("HttpClosedException"), service.log());
    }

    @Test
    void redisHoldsThreeKindsOfKeysEachOfWhichEndsAndNothingInClear() throws Exception {
        String nonce = nonce();
        String request = machine.bringingAll(nonce);
        Heard heard =
                client.post("/v1/attestations", request, "Idempotency-Key", "\"0123456789abcdef0123456789abcdef\"");
        assertEquals(200, heard.status(), heard.toString());
        Heard consumed = client.introspect(heard.text("token"), true);
        assertEquals("consumed-now", consumed.text("countersign_single_use"), consumed.toString());
        StoredKeys.assertNothingButWhatTheDesignNames(redis, nonce, heard.text("token"), machine.amd());
        assertFalse(service.log().contains(nonce), "the log holds a nonce");
    }
}
