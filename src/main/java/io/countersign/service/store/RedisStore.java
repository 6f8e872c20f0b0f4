package io.countersign.service.store;

import io.countersign.service.store.OnceScript.Answer;
import io.countersign.service.store.OnceScript.Question;
import io.countersign.verifier.bytes.Bytes;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocketFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

/**
 * The store of many replicas, in Redis or Valkey. What decides is one script in one atomic step; see {@link OnceScript} for
 * what an epoch is there and why nothing spent can be forgotten within one.
 *
 * <p>The epoch under which new things are made is known here without asking: it is asked for every second and taken from every
 * answer. Should it be out of date, then what is made under it is void, and nothing worse. Should it not have been confirmed
 * for {@link #BELIEVED_FOR}, everything is refused at once, without waiting for Redis.
 */
public final class RedisStore implements OnceStore, AutoCloseable {
    static final Duration ASKED_EVERY = Duration.ofSeconds(1);
    static final Duration BELIEVED_FOR = Duration.ofSeconds(5);

    private static final int FRESH_LENGTH = 16;

    private record Known(Epoch epoch, Instant seen, long confirmedNanos) {}

    private final RedisLink link;
    private final String prefix;
    private final InstantSource clock;
    private final Outage outage;
    private final Bytes epochKey;
    /** What this replica offers as the value of an epoch when there is none. */
    private final SecureRandom random;

    private final AtomicReference<Optional<Known>> known = new AtomicReference<>(Optional.empty());
    private final AtomicBoolean asking = new AtomicBoolean();
    private final ScheduledExecutorService background = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("countersign-store").factory());

    private RedisStore(RedisLink link, RedisAddress address, String prefix, InstantSource clock, SecureRandom random) {
        this.link = link;
        this.prefix = prefix;
        this.clock = clock;
        this.outage = new Outage(address);
        this.epochKey = Bytes.utf8(prefix + "epoch");
        this.random = random;
    }

    /** Asks once, so that a service that starts with its Redis there can be used at once, and keeps asking. */
    public static RedisStore start(
            RedisAddress address, Duration timeout, String prefix, InstantSource clock, SecureRandom random) {
        return start(address, timeout, prefix, clock, random, Optional.empty());
    }

    static RedisStore start(
            RedisAddress address,
            Duration timeout,
            String prefix,
            InstantSource clock,
            SecureRandom random,
            Optional<SSLSocketFactory> trust) {
        var store = new RedisStore(new RedisLink(address, timeout, trust), address, prefix, clock, random);
        store.ask();
        var _ = store.background.scheduleWithFixedDelay( // ends with close; ask throws nothing
                store::ask, ASKED_EVERY.toNanos(), ASKED_EVERY.toNanos(), TimeUnit.NANOSECONDS);
        return store;
    }

    @Override
    public Epoch epoch() {
        return known.get().filter(RedisStore::believed).map(Known::epoch).orElseThrow(StoreUnavailable::unsure);
    }

    @Override
    public Spending spend(Kind kind, Bytes id, Epoch madeUnder, Instant until, Instant now) {
        long keptUntil = until.plus(KEPT_PAST_END).toEpochMilli();
        return answer(new Question.Spend(key(kind, id), madeUnder, keptUntil), now);
    }

    @Override
    public Spending look(Kind kind, Bytes id, Epoch madeUnder) {
        return answer(new Question.Look(key(kind, id), madeUnder), clock.instant());
    }

    private Spending answer(Question question, Instant now) {
        epoch();
        try {
            return switch (asked(question, now).word()) {
                case NOW -> Spending.SPENT_NOW;
                case BEFORE -> Spending.SPENT_BEFORE;
                case FORGOTTEN -> Spending.FORGOTTEN;
                case EPOCH -> throw new StepFailedException("it answered another question");
            };
        } catch (StepFailedException e) {
            doubt(e);
            throw StoreUnavailable.unsure();
        }
    }

    private Answer asked(Question question, Instant now) throws StepFailedException {
        byte[] fresh = new byte[FRESH_LENGTH];
        random.nextBytes(fresh);
        Answer answer = OnceScript.read(
                link.send(OnceScript.command(question, epochKey, Bytes.copyOf(fresh), now.toEpochMilli())));
        known.updateAndGet(before -> Optional.of(new Known(
                answer.epoch(),
                before.filter(known -> known.epoch().equals(answer.epoch()))
                        .map(Known::seen)
                        .orElse(now),
                System.nanoTime())));
        return answer;
    }

    /** Keeps the end beside the content, so that it ends by this service's clock too. */
    @Override
    public void remember(Bytes name, Bytes content, Instant until, Instant now) {
        if (content.length() > MAX_CONTENT || !now.isBefore(until) || unusable()) {
            return;
        }
        byte[] end =
                ByteBuffer.allocate(Long.BYTES).putLong(until.toEpochMilli()).array();
        var command = new CommandArguments(Protocol.Command.SET)
                .key(answerKey(name))
                .add(Bytes.concat(Bytes.copyOf(end), content).toByteArray())
                .add(Protocol.Keyword.PX)
                .add(Duration.between(now, until).toMillis() + 1);
        try {
            link.send(command);
        } catch (StepFailedException e) {
            doubt(e);
        }
    }

    @Override
    public Optional<Bytes> recall(Bytes name, Instant now) {
        if (unusable()) {
            return Optional.empty();
        }
        // A range rather than the whole: whatever stands there, no more than this is read.
        int most = Long.BYTES + MAX_CONTENT;
        var command = new CommandArguments(Protocol.Command.GETRANGE)
                .key(answerKey(name))
                .add(0)
                .add(most);
        try {
            if (!(link.send(command) instanceof byte[] held) || held.length < Long.BYTES || held.length > most) {
                return Optional.empty();
            }
            Instant until = Instant.ofEpochMilli(ByteBuffer.wrap(held).getLong());
            return now.isBefore(until)
                    ? Optional.of(Bytes.copyOf(held).slice(Long.BYTES, held.length))
                    : Optional.empty();
        } catch (StepFailedException e) {
            doubt(e);
            return Optional.empty();
        }
    }

    @Override
    public State state() {
        Optional<Known> now = known.get();
        Optional<String> trouble = outage.trouble();
        return new State(
                "redis",
                unusable() ? trouble.or(() -> Optional.of("it did not answer yet")) : trouble,
                now.map(Known::seen));
    }

    /** Stops asking and closes every connection. */
    @Override
    public void close() {
        background.shutdownNow();
        link.close();
    }

    private boolean unusable() {
        return known.get().filter(RedisStore::believed).isEmpty();
    }

    private static boolean believed(Known known) {
        return System.nanoTime() - known.confirmedNanos() < BELIEVED_FOR.toNanos();
    }

    private void ask() {
        try {
            asked(new Question.WhichEpoch(), clock.instant());
            outage.succeeded();
        } catch (StepFailedException e) {
            outage.failed(e.why(), clock.instant());
        } catch (RuntimeException e) {
            // Our own mistake. Thrown on, it would end the asking for good, in silence.
            outage.failed("asking it went wrong in this service (%s)".formatted(e), clock.instant());
        }
    }

    /** A step failed: sees at once whether the next would. */
    private void doubt(StepFailedException failure) {
        outage.failed(failure.why(), clock.instant());
        if (!asking.compareAndSet(false, true)) {
            return;
        }
        try {
            background.execute(() -> {
                asking.set(false);
                ask();
            });
        } catch (RejectedExecutionException _) {
            asking.set(false); // The service is stopping.
        }
    }

    /** The hash, so that whoever reads Redis learns no nonce and no token's id. */
    private Bytes key(Kind kind, Bytes id) {
        return Bytes.utf8(prefix + kind.name().toLowerCase(Locale.ROOT) + ":" + text(id.sha256()));
    }

    private byte[] answerKey(Bytes name) {
        return Bytes.utf8(prefix + "answer:" + text(name)).toByteArray();
    }

    private static String text(Bytes bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }
}
