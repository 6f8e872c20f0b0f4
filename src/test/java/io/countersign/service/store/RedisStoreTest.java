package io.countersign.service.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.proof.RedisProcess;
import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.ProblemCode;
import io.countersign.service.store.OnceStore.Kind;
import io.countersign.service.store.OnceStore.Spending;
import io.countersign.verifier.bytes.Bytes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two replicas and a real Redis, to which everything happens that makes a Redis forget. */
class RedisStoreTest extends OnceStoreContract {
    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final String PREFIX = "test:";

    private final List<AutoCloseable> opened = new ArrayList<>();
    private RedisProcess redis;
    private RedisStore one;
    private RedisStore other;

    RedisStoreTest() throws IOException, InterruptedException {
        redis = redis();
        one = store(redis.url());
        other = store(redis.url());
    }

    private RedisProcess redis(String... options) throws IOException, InterruptedException {
        RedisProcess started = RedisProcess.start(options);
        opened.addFirst(started);
        return started;
    }

    private RedisStore store(String url) {
        return store(url, InstantSource.system());
    }

    private RedisStore store(String url, InstantSource clock) {
        RedisStore started = RedisStore.start(RedisAddress.parse(url), TIMEOUT, PREFIX, clock, RANDOM);
        opened.addFirst(started);
        return started;
    }

    /** Another Redis than the one that every test begins with. */
    private void with(String... options) throws IOException, InterruptedException {
        redis = redis(options);
        one = store(redis.url());
        other = store(redis.url());
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @BeforeEach
    void bothCanBeUsed() {
        assertEquals(one.epoch(), other.epoch());
    }

    @Override
    List<RedisStore> replicas() {
        return List.of(one, other);
    }

    private static void eventually(BooleanSupplier condition) throws InterruptedException {
        Instant late = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertTrue(Instant.now().isBefore(late), "waited in vain");
            Thread.sleep(Duration.ofMillis(10));
        }
    }

    private static void unavailable(Executable step) {
        var refused = assertThrows(CountersignException.class, step);
        assertEquals(ProblemCode.STORE_UNAVAILABLE, refused.problem().code());
        assertTrue(refused.problem().retryAfter().isPresent());
    }

    private Spending spend(RedisStore store, Bytes id, Epoch madeUnder) {
        return store.spend(Kind.CHALLENGE, id, madeUnder, until, now);
    }

    private static boolean usable(RedisStore store) {
        return store.state().trouble().isEmpty();
    }

    private static String trouble(RedisStore store) {
        return store.state().trouble().orElse("");
    }

    /** Whatever happened: what was made before is void for both, and a new epoch works and is the same for both. */
    private void anotherEpochBegan(Epoch before, Bytes spent, Bytes open) throws InterruptedException {
        eventually(() -> replicas().stream()
                .allMatch(
                        store -> known(store) && usable(store) && !store.epoch().equals(before)));
        for (RedisStore store : replicas()) {
            assertEquals(Spending.FORGOTTEN, spend(store, spent, before));
            assertEquals(Spending.FORGOTTEN, spend(store, open, before));
            assertEquals(Spending.FORGOTTEN, store.look(Kind.CHALLENGE, spent, before));
            assertNotEquals(before, store.epoch());
        }
        assertEquals(one.epoch(), other.epoch());
        Bytes fresh = id();
        assertEquals(Spending.SPENT_NOW, spend(one, fresh, one.epoch()));
        assertEquals(Spending.SPENT_BEFORE, spend(other, fresh, one.epoch()));
    }

    @Test
    void restartOfAnEmptyRedisBeginsAnEpoch() throws Exception {
        Epoch before = one.epoch();
        Bytes spent = id();
        spend(one, spent, before);
        redis.kill();
        unavailable(() -> spend(one, spent, before));
        redis.startAgain();
        anotherEpochBegan(before, spent, id());
    }

    @Test
    void restartWithEverythingKeptBeginsAnEpochAllTheSame() throws Exception {
        with("--appendonly", "yes", "--appendfsync", "always");
        Epoch before = one.epoch();
        String value = redis.command("GET", PREFIX + "epoch");
        Bytes spent = id();
        spend(one, spent, before);
        redis.kill();
        redis.startAgain();
        assertEquals(value, redis.command("GET", PREFIX + "epoch"));
        anotherEpochBegan(before, spent, id());
    }

    @Test
    void snapshotFromBeforeTheSpendBringsNothingBack() throws Exception {
        Epoch before = one.epoch();
        String value = redis.command("GET", PREFIX + "epoch");
        redis.command("SAVE");
        Bytes spent = id();
        spend(one, spent, before);
        redis.kill();
        redis.startAgain();
        assertEquals(value, redis.command("GET", PREFIX + "epoch"), "the snapshot was read");
        assertEquals("1", redis.command("DBSIZE"), "and what was spent is not in it");
        anotherEpochBegan(before, spent, id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"FLUSHALL", "FLUSHDB"})
    void flushBeginsAnEpoch(String flush) throws Exception {
        Epoch before = one.epoch();
        Bytes spent = id();
        spend(one, spent, before);
        redis.command(flush);
        assertEquals(Spending.FORGOTTEN, spend(one, spent, before), "at once, not when somebody asks the next time");
        anotherEpochBegan(before, spent, id());
    }

    @Test
    void promotionBeginsAnEpochAndSoDoesTheWayBack() throws Exception {
        RedisProcess replica = redis();
        replica.command("REPLICAOF", "127.0.0.1", Integer.toString(redis.port()));
        eventually(() -> replica.command("INFO", "replication").contains("master_link_status:up"));
        // A master that gets its first replica takes a new master_replid: what was open then is void, once.
        Bytes first = id();
        eventually(() -> known(one) && spend(one, first, one.epoch()) != Spending.FORGOTTEN);
        Epoch before = one.epoch();
        // Spent on the master and not on its replica, as when a promotion comes before what was written.
        Bytes lost = id();
        replica.command("REPLICAOF", "NO", "ONE");
        assertEquals(redis.command("GET", PREFIX + "epoch"), replica.command("GET", PREFIX + "epoch"));
        assertEquals(Spending.SPENT_NOW, spend(one, lost, before));
        RedisStore there = store(replica.url());
        assertEquals(Spending.FORGOTTEN, spend(there, lost, before));

        String process = runId(redis);
        redis.command("REPLICAOF", "127.0.0.1", Integer.toString(replica.port()));
        eventually(() -> redis.command("INFO", "replication").contains("master_link_status:up"));
        unavailable(() -> spend(one, id(), before));
        redis.command("REPLICAOF", "NO", "ONE");
        assertEquals(process, runId(redis), "the same process is master again, without what it had written");
        anotherEpochBegan(before, lost, id());
    }

    private static String runId(RedisProcess redis) {
        String server = redis.command("INFO", "server");
        int at = server.indexOf("run_id:");
        return server.substring(at, server.indexOf('\r', at));
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "no"})
    void replicaIsNoStoreWhetherItCanBeWrittenOrNot(String readOnly) throws Exception {
        RedisProcess replica = redis("--replica-read-only", readOnly);
        replica.command("REPLICAOF", "127.0.0.1", Integer.toString(redis.port()));
        eventually(() -> replica.command("INFO", "replication").contains("master_link_status:up"));
        RedisStore store = store(replica.url());
        unavailable(store::epoch);
        assertTrue(trouble(store).contains("master"), trouble(store));
    }

    @Test
    void redisThatMayEvictIsNotUsed() throws Exception {
        Epoch before = one.epoch();
        redis.command("CONFIG", "SET", "maxmemory-policy", "volatile-lru");
        unavailable(() -> spend(one, id(), before));
        eventually(() -> trouble(one).contains("noeviction"));
        redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
        eventually(() -> usable(one));
        assertEquals(before, one.epoch(), "nothing was evicted");
        assertEquals(Spending.SPENT_NOW, spend(one, id(), before));
    }

    /** While it was ahead, it may have dropped what was spent as ended. */
    @Test
    void clockThatWentBackBeginsAnEpoch() throws Exception {
        Epoch before = one.epoch();
        Bytes spent = id();
        spend(one, spent, before);
        long ahead = Instant.now().plus(Duration.ofMinutes(10)).toEpochMilli();
        redis.command("SETRANGE", PREFIX + "epoch", "16", Long.toString(ahead));
        anotherEpochBegan(before, spent, id());
    }

    @Test
    void latestTimeIsKeptBesideTheEpoch() throws Exception {
        Epoch before = one.epoch();
        String early = redis.command("GETRANGE", PREFIX + "epoch", "16", "-1");
        eventually(() -> Long.parseLong(redis.command("GETRANGE", PREFIX + "epoch", "16", "-1"))
                >= Long.parseLong(early) + 1000);
        assertEquals(before, one.epoch());
    }

    @Test
    void evictionBeginsAnEpoch() throws Exception {
        Epoch before = one.epoch();
        Bytes spent = id();
        spend(one, spent, before);
        redis.command("CONFIG", "SET", "maxmemory-policy", "volatile-ttl");
        redis.command("CONFIG", "SET", "maxmemory", "1");
        assertThrows(RuntimeException.class, () -> redis.command("SET", "something", "else"), "out of memory");
        assertTrue(!redis.command("INFO", "stats").contains("evicted_keys:0"), "something was evicted");
        redis.command("CONFIG", "SET", "maxmemory", "0");
        redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
        anotherEpochBegan(before, spent, id());
    }

    @Test
    void fullRedisSpendsNothing() throws Exception {
        Bytes id = id();
        redis.command("CONFIG", "SET", "maxmemory", "1");
        unavailable(() -> spend(one, id));
        redis.command("CONFIG", "SET", "maxmemory", "0");
        eventually(() -> usable(one));
        assertEquals(Spending.SPENT_NOW, spend(one, id));
    }

    @Test
    void wrongPasswordIsTroubleThatDoesNotShowThePassword() throws Exception {
        RedisProcess closed = redis("--requirepass", "right");
        String right = closed.url().replace("redis://", "redis://:right@");
        RedisStore wrong = store(right.replace("right", "hunter2"));
        unavailable(wrong::epoch);
        assertTrue(trouble(wrong).contains("login"), trouble(wrong));
        assertTrue(!trouble(wrong).contains("hunter2"), trouble(wrong));
        RedisStore none = store(closed.url());
        unavailable(none::epoch);
        assertTrue(trouble(none).contains("login"), trouble(none));
        assertEquals(Spending.SPENT_NOW, spend(store(right), id()));
    }

    /** The commands that docs/replicas.md names, and no others. */
    @Test
    void userWithFewRightsIsEnough() {
        redis.command(
                "ACL",
                "SETUSER",
                "few",
                "on",
                ">secret",
                "~" + PREFIX + "*",
                "-@all",
                "+eval",
                "+info",
                "+time",
                "+get",
                "+set",
                "+getrange",
                "+ping",
                "+select");
        RedisStore store = store(redis.url().replace("redis://", "redis://few:secret@"));
        Bytes id = id();
        assertEquals(Spending.SPENT_NOW, spend(store, id));
        store.remember(id, Bytes.zeros(3), until, now);
        assertEquals(Optional.of(Bytes.zeros(3)), store.recall(id, now));
        redis.command("ACL", "SETUSER", "few", "-set");
        unavailable(() -> spend(store, id()));
    }

    @Test
    void databasesAreApart() {
        RedisStore second = store(redis.url() + "/2");
        assertNotEquals(one.epoch(), second.epoch());
        assertEquals(Spending.SPENT_NOW, spend(second, id()));
        assertEquals("1", redis.command("DBSIZE"), "nothing but the epoch is in the first");
    }

    @Test
    void otherContentUnderOurKeysIsDoubt() throws Exception {
        Epoch epoch = one.epoch();
        Bytes id = id();
        String key = PREFIX + "challenge:"
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(id.sha256().toByteArray());
        redis.command("RPUSH", key, "a list");
        unavailable(() -> spend(one, id, epoch));
        redis.command("SET", key, "other text");
        unavailable(() -> spend(one, id, epoch));
        redis.command("DEL", key);
        eventually(() -> usable(one));
        assertEquals(Spending.SPENT_NOW, spend(one, id, epoch));
        redis.command("DEL", PREFIX + "epoch");
        redis.command("RPUSH", PREFIX + "epoch", "a list");
        unavailable(() -> spend(one, id(), epoch));
    }

    @Test
    void contentOfOthersUnderTheNameOfAnAnswerIsNoAnswer() {
        Bytes name = id();
        String key =
                PREFIX + "answer:" + Base64.getUrlEncoder().withoutPadding().encodeToString(name.toByteArray());
        redis.command("SET", key, "short");
        assertEquals(Optional.empty(), one.recall(name, now));
        redis.command("SETRANGE", key, "1000000", "long");
        assertEquals(Optional.empty(), one.recall(name, now));
        redis.command("DEL", key);
        redis.command("RPUSH", key, "a list");
        assertEquals(Optional.empty(), one.recall(name, now));
    }

    @Test
    void spentThingsAndAnswersEndInRedisToo() {
        Bytes id = id();
        spend(one, id);
        one.remember(id, Bytes.zeros(1), until, now);
        var base64 = Base64.getUrlEncoder().withoutPadding();
        String hash = base64.encodeToString(id.sha256().toByteArray());
        long spent = Long.parseLong(redis.command("PEXPIRETIME", PREFIX + "challenge:" + hash));
        assertEquals(until.plusSeconds(60).toEpochMilli(), spent);
        assertTrue(Long.parseLong(redis.command("PTTL", PREFIX + "answer:" + base64.encodeToString(id.toByteArray())))
                > 200_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {-31, 31})
    void replicaWhoseClockIsWrongSpendsNothing(long seconds) {
        Instant wrong = Instant.now().plusSeconds(seconds);
        unavailable(() -> one.spend(Kind.CHALLENGE, id(), one.epoch(), wrong.plusSeconds(300), wrong));
        RedisStore late = store(redis.url(), () -> Instant.now().plusSeconds(seconds));
        unavailable(late::epoch);
        assertTrue(trouble(late).contains("clock"), trouble(late));
    }

    @Test
    void frozenRedisIsDoubtWithinTheTimeoutAndAtOnceAfterAWhile() throws Exception {
        Epoch epoch = one.epoch();
        Bytes id = id();
        redis.freeze();
        Instant began = Instant.now();
        unavailable(() -> spend(one, id, epoch));
        assertTrue(Duration.between(began, Instant.now()).compareTo(TIMEOUT.multipliedBy(3)) < 0);
        one.remember(id, Bytes.zeros(1), until, now);
        assertEquals(Optional.empty(), one.recall(id, now));

        eventually(() -> !known(one));
        Instant later = Instant.now();
        for (int i = 0; i < 100; i++) {
            unavailable(one::epoch);
            unavailable(() -> spend(one, id, epoch));
        }
        assertTrue(Duration.between(later, Instant.now()).compareTo(TIMEOUT) < 0, "nobody waits for what is known");

        redis.thaw();
        eventually(() -> usable(one));
        // The first may have been carried out after all: then it is spent, and whoever asks again hears so.
        List<Spending> after = List.of(spend(one, id, epoch), spend(one, id, epoch));
        assertEquals(Spending.SPENT_BEFORE, after.get(1));
    }

    private static boolean known(RedisStore store) {
        try {
            store.epoch();
            return true;
        } catch (CountersignException _) {
            return false;
        }
    }

    @Test
    void moreCallersThanConnectionsAreDoubtInTimeAndLeakNoConnection() throws Exception {
        Epoch epoch = one.epoch();
        int callers = RedisLink.CONNECTIONS * 4;
        redis.freeze();
        Instant began = Instant.now();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var steps = new ArrayList<Callable<Boolean>>();
            for (int caller = 0; caller < callers; caller++) {
                steps.add(() -> {
                    unavailable(() -> spend(one, id(), epoch));
                    return true;
                });
            }
            threads.invokeAll(steps).forEach(OnceStoreContract::done);
        }
        assertTrue(Duration.between(began, Instant.now()).compareTo(TIMEOUT.multipliedBy(4)) < 0);
        redis.thaw();
        eventually(() -> usable(one));
        for (int i = 0; i < callers; i++) {
            assertEquals(Spending.SPENT_NOW, spend(one, id(), epoch));
        }
    }

    @Test
    void serviceThatStartsBeforeItsRedisUsesItOnceItIsThere() throws Exception {
        redis.kill();
        RedisStore early = store(redis.url());
        unavailable(early::epoch);
        unavailable(() -> early.spend(Kind.TOKEN, id(), ANOTHER, until, now));
        assertEquals(Optional.empty(), early.recall(id(), now));
        assertTrue(!usable(early));
        redis.startAgain();
        eventually(() -> usable(early));
        assertEquals(Spending.SPENT_NOW, spend(early, id()));
    }

    @Test
    void keysOfOthersDoNotMatter() {
        redis.command("SET", "epoch", "of somebody else");
        assertEquals(Spending.SPENT_NOW, spend(one, id()));
    }
}
