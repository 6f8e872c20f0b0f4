package io.countersign.client.token;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.client.Answer;
import io.countersign.client.Http;
import io.countersign.client.Http.Exchange;
import io.countersign.client.ServiceAddress;
import io.countersign.client.StrictJson;
import io.countersign.client.token.KeySet.NotReadableException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The keys as the service publishes them: discovery once, then the key set, kept as long as its Cache-Control says and not
 * longer, so that a key that was withdrawn in haste ends everywhere with the cache. An unknown key id fetches early, but not more
 * often than the cool-down allows: ids in forged tokens are free.
 */
final class PublishedKeys implements Keys {
    private static final int MAX_DOCUMENT = 256 * 1024;
    /** RFC 9111, section 5.2.2.1. What the service sends is 300 s. */
    private static final Pattern MAX_AGE = Pattern.compile("(?:^|[,\\s])max-age=\"?([0-9]{1,9})\"?(?:$|[,\\s])");

    private static final Duration LONGEST_KEPT = Duration.ofHours(1);

    private final Http http;
    private final ServiceAddress issuer;
    private final Duration coolDown;
    private final InstantSource clock;
    private final ReentrantLock fetching = new ReentrantLock();

    private volatile State state = State.nothingYet();

    /**
     * What is known.
     *
     * @param keys empty before the first success
     * @param goodUntil when the keys end
     * @param refreshFrom from when a new set is asked for while the old one still counts
     * @param lastTried when the service was last asked, whatever came of it
     * @param failure why that did not succeed, if it did not
     */
    private record State(
            Optional<KeySet> keys,
            Instant goodUntil,
            Instant refreshFrom,
            Instant lastTried,
            Optional<Lookup.Unavailable> failure) {
        static State nothingYet() {
            return new State(Optional.empty(), Instant.MIN, Instant.MIN, Instant.MIN, Optional.empty());
        }

        boolean hasKeysAt(Instant now) {
            return keys.isPresent() && now.isBefore(goodUntil);
        }
    }

    PublishedKeys(Http http, ServiceAddress issuer, Duration coolDown, InstantSource clock) {
        this.http = http;
        this.issuer = issuer;
        this.coolDown = coolDown;
        this.clock = clock;
    }

    @Override
    public Lookup find(String keyId) {
        Instant now = clock.instant();
        State known = state;
        if (known.hasKeysAt(now) && now.isBefore(known.refreshFrom())) {
            Lookup lookup = known.keys().orElseThrow().find(keyId);
            if (lookup instanceof Lookup.Found) {
                return lookup;
            }
        }
        State current = refreshed(known, now);
        if (current.hasKeysAt(now)) {
            Lookup lookup = current.keys().orElseThrow().find(keyId);
            // Where the set could not be refreshed, nobody can say that there is no such key.
            return lookup instanceof Lookup.Unknown && current.failure().isPresent()
                    ? current.failure().get()
                    : lookup;
        }
        return current.failure()
                .orElseGet(() -> new Lookup.Unavailable("the key set has run out", "try again in a moment"));
    }

    /** One thread asks; who comes meanwhile waits for its answer rather than asking again. */
    private State refreshed(State seen, Instant now) {
        fetching.lock();
        try {
            State current = state;
            if (!current.equals(seen) || now.isBefore(coolEnd(current))) {
                return current;
            }
            state = fetch(current, now);
            return state;
        } finally {
            fetching.unlock();
        }
    }

    private Instant coolEnd(State current) {
        return current.lastTried().equals(Instant.MIN)
                ? Instant.MIN
                : current.lastTried().plus(coolDown);
    }

    private State fetch(State old, Instant now) {
        try {
            ObjectNode discovery =
                    good(issuer.at("/.well-known/openid-configuration")).body();
            String named = StrictJson.text(discovery, "issuer").orElse("none");
            // OpenID Connect Discovery 1.0, section 4.3: identical, or the document is somebody else's.
            if (!named.equals(issuer.text())) {
                throw new NotReadableException("discovery at " + issuer + " names the issuer " + named);
            }
            URI place = issuer.ownUrl(StrictJson.text(discovery, "jwks_uri")
                    .orElseThrow(() -> new NotReadableException("discovery names no jwks_uri")));
            Fetched fetched = good(place);
            KeySet keys = KeySet.read(fetched.body());
            return new State(
                    Optional.of(keys),
                    now.plus(fetched.kept()),
                    now.plus(fetched.kept().multipliedBy(3).dividedBy(4)),
                    now,
                    Optional.empty());
        } catch (NotReadableException | IllegalArgumentException e) {
            var failure = new Lookup.Unavailable(
                    "the keys of " + issuer + " cannot be had: " + e.getMessage(),
                    "check the issuer's URL and that it can be reached from here");
            return new State(old.keys(), old.goodUntil(), old.refreshFrom(), now, Optional.of(failure));
        }
    }

    private record Fetched(ObjectNode body, Duration kept) {}

    private Fetched good(URI uri) throws NotReadableException {
        Exchange exchange = http.get(uri, MAX_DOCUMENT);
        Answer answer = Answer.of(uri, exchange, clock);
        if (answer instanceof Answer.Good good && exchange instanceof Exchange.Answered answered) {
            return new Fetched(good.body(), kept(answered));
        }
        if (answer instanceof Answer.None none) {
            throw new NotReadableException(none.why());
        }
        throw new NotReadableException(
                uri + " answered " + ((Answer.Bad) answer).problem().explained());
    }

    /** Without a permission to keep it, the set still serves until the next question that the cool-down lets through. */
    private Duration kept(Exchange.Answered answered) {
        String control =
                String.join(", ", answered.headers().allValues("Cache-Control")).toLowerCase(Locale.ROOT);
        Matcher maxAge = MAX_AGE.matcher(control);
        Duration said = control.contains("no-store") || control.contains("no-cache") || !maxAge.find()
                ? Duration.ZERO
                : Duration.ofSeconds(Long.parseLong(maxAge.group(1)));
        Duration least = said.compareTo(coolDown) < 0 ? coolDown : said;
        return least.compareTo(LONGEST_KEPT) > 0 ? LONGEST_KEPT : least;
    }
}
