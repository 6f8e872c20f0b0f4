package io.countersign.service.access;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The keys that an issuer publishes, kept for a while. A key that is not among them makes us look again, but not more often
 * than once in half a minute: anybody may send a token that names any key.
 */
public final class IssuerKeys {
    private static final Logger LOG = Logger.getLogger("io.countersign");
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(6);

    /** Requests that wait while one of them asks the issuer; a further one is told to come back. */
    private static final int WAITING = 32;

    /** Where the document is. */
    public interface Source {
        /** The whole JWK set as text; a message of the exception stands in the log. */
        String read() throws IOException;
    }

    /** What is known of a key. */
    sealed interface Answer {
        /** Public keys of that id: usually one. */
        record Found(List<JWK> keys) implements Answer {}

        /** The issuer publishes none. */
        record Unknown() implements Answer {}

        /** The issuer could not be asked. */
        record Unavailable() implements Answer {}
    }

    private record Held(List<JWK> keys, Instant since) {
        List<JWK> named(String kid) {
            return keys.stream().filter(key -> kid.equals(key.getKeyID())).toList();
        }
    }

    /** How the last look ended. */
    private enum Look {
        NONE_YET,
        SEEN,
        FAILED
    }

    private final Source source;
    private final Duration maxAge;
    private final Duration keep;
    private final InstantSource clock;
    private final ReentrantLock asking = new ReentrantLock();
    private final Semaphore waiting = new Semaphore(WAITING);
    private volatile @Nullable Held held;
    private volatile Look look = Look.NONE_YET;
    private volatile Instant looked = Instant.EPOCH;

    /**
     * Keys of one source; nothing is asked before the first token.
     *
     * @param maxAge after which they are looked up again
     * @param keep how long they are believed when that fails
     */
    public IssuerKeys(Source source, Duration maxAge, Duration keep, InstantSource clock) {
        this.source = source;
        this.maxAge = maxAge;
        this.keep = keep;
        this.clock = clock;
    }

    /** Looks once, as a start does with a file: whatever is wrong is the exception's message. */
    public void readNow() throws IOException {
        held = new Held(parse(source.read()), clock.instant());
        look = Look.SEEN;
        looked = clock.instant();
    }

    Answer named(String kid) {
        Instant now = clock.instant();
        Optional<Held> before = believed(now);
        boolean has = before.filter(each -> !each.named(kid).isEmpty()).isPresent();
        if (!has) {
            if (lookAgain(PATIENCE) == Turn.NOT_HAD) {
                return new Answer.Unavailable();
            }
        } else if (age(before.get(), now).compareTo(maxAge) > 0) {
            // Who has what it needs does not wait for another who is asking.
            lookAgain(Duration.ZERO);
        }
        return answer(kid);
    }

    private Answer answer(String kid) {
        Optional<Held> now = believed(clock.instant());
        if (now.isEmpty()) {
            return new Answer.Unavailable();
        }
        List<JWK> named = now.get().named(kid);
        if (!named.isEmpty()) {
            return new Answer.Found(named);
        }
        // The issuer may have changed its keys while it could not be reached: that is no fault of who asks.
        return look == Look.FAILED ? new Answer.Unavailable() : new Answer.Unknown();
    }

    private Optional<Held> believed(Instant now) {
        return Optional.ofNullable(held).filter(each -> age(each, now).compareTo(keep) <= 0);
    }

    private static Duration age(Held each, Instant now) {
        return Duration.between(each.since(), now);
    }

    /** Whether what is held now was looked at for whoever asks. */
    private enum Turn {
        HAD,
        /** Too many wait, or the one who asks takes too long: what the issuer publishes now is not known. */
        NOT_HAD
    }

    private Turn lookAgain(Duration patience) {
        if (lookedJustNow()) {
            return Turn.HAD;
        }
        if (!waiting.tryAcquire()) {
            return Turn.NOT_HAD;
        }
        try {
            if (asking.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    lookUnlessOtherDid();
                    return Turn.HAD;
                } finally {
                    asking.unlock();
                }
            }
            return Turn.NOT_HAD;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Turn.NOT_HAD;
        } finally {
            waiting.release();
        }
    }

    private boolean lookedJustNow() {
        Duration since = Duration.between(looked, clock.instant());
        return !since.isNegative() && since.compareTo(BETWEEN_LOOKS) < 0;
    }

    private void lookUnlessOtherDid() {
        if (lookedJustNow()) {
            return;
        }
        try {
            held = new Held(parse(source.read()), clock.instant());
            look = Look.SEEN;
        } catch (IOException e) {
            look = Look.FAILED;
            LOG.warnf(
                    "countersign.access.oidc: the issuer's keys cannot be read: %s. %s",
                    e.getMessage(),
                    believed(clock.instant()).isPresent()
                            ? "Those of before are still believed"
                            : "Nobody is known by a token until they can");
        } finally {
            looked = clock.instant();
        }
    }

    /** Only public keys are kept: what is symmetric, or of a kind that is not known, is as good as absent. */
    private static List<JWK> parse(String text) throws IOException {
        try {
            List<JWK> keys = JWKSet.parse(text).getKeys().stream()
                    .filter(key -> key.getKeyID() != null)
                    .map(JWK::toPublicJWK)
                    .filter(key -> key != null)
                    .toList();
            if (keys.isEmpty()) {
                throw new IOException("the document holds no public key with a kid");
            }
            return keys;
        } catch (ParseException | IllegalArgumentException _) {
            throw new IOException("the document is no JWK set (RFC 7517)");
        }
    }
}
