package io.countersign.service.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.countersign.service.limits.Asker.Standing;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What each client has sent in the last minute against what it may. Registered callers and strangers have allowances and
 * memory of their own, so that no flood of the one costs the other anything.
 */
public final class Rates {
    /** What is counted. */
    public enum Counted {
        EVIDENCE("pieces of evidence"),
        REQUESTS("challenges and introspections");

        private final String plural;

        Counted(String plural) {
            this.plural = plural;
        }

        public String plural() {
            return plural;
        }
    }

    /**
     * What is allowed, a minute; empty is no limit.
     *
     * @param mostAtOnce pieces of evidence that one request may have
     * @param clients told apart, of each standing
     */
    public record Settings(
            Map<Standing, Optional<Integer>> evidence,
            Map<Standing, Optional<Integer>> requests,
            int mostAtOnce,
            int clients) {
        public Settings {
            evidence = Map.copyOf(evidence);
            requests = Map.copyOf(requests);
        }
    }

    /** How taking ended. */
    public sealed interface Taken {
        /** Nothing is counted for this client. */
        record Unlimited() implements Taken {}

        /**
         * There was enough.
         *
         * @param left how much there is now
         */
        record Granted(Allowance allowance, long left, Duration fullIn) implements Taken {}

        /**
         * There was not.
         *
         * @param after so long there is enough, if nobody takes of it meanwhile
         */
        record Refused(Allowance allowance, long left, Duration after) implements Taken {}
    }

    private final Map<Counted, Map<Standing, Buckets>> buckets = new EnumMap<>(Counted.class);

    /** Takes the limits and a clock that only runs forwards. */
    public Rates(Settings settings, Ticker ticker) {
        buckets.put(Counted.EVIDENCE, tables(settings.evidence(), settings.mostAtOnce(), settings.clients(), ticker));
        buckets.put(Counted.REQUESTS, tables(settings.requests(), 1, settings.clients(), ticker));
    }

    private static Map<Standing, Buckets> tables(
            Map<Standing, Optional<Integer>> perMinute, int mostAtOnce, int clients, Ticker ticker) {
        var tables = new EnumMap<Standing, Buckets>(Standing.class);
        perMinute.forEach((standing, most) -> most.ifPresent(
                rate -> tables.put(standing, new Buckets(Allowance.of(rate, mostAtOnce), clients, ticker))));
        return tables;
    }

    private Optional<Buckets> table(Counted counted, Standing standing) {
        return Optional.ofNullable(buckets.getOrDefault(counted, Map.of()).get(standing));
    }

    /**
     * Takes so many, all or none.
     *
     * @param again how many there must be for the same request to succeed when it is sent again
     */
    public Taken take(Asker asker, Counted counted, int many, int again) {
        Optional<Buckets> table = table(counted, asker.standing());
        if (table.isEmpty()) {
            return new Taken.Unlimited();
        }
        Bucket bucket = table.get().of(asker.client());
        Allowance allowance = table.get().allowance();
        var probe = bucket.tryConsumeAndReturnRemaining(many);
        if (probe.isConsumed()) {
            return new Taken.Granted(
                    allowance, probe.getRemainingTokens(), Duration.ofNanos(probe.getNanosToWaitForReset()));
        }
        long wait = bucket.estimateAbilityToConsume(again).getNanosToWaitForRefill();
        return new Taken.Refused(allowance, probe.getRemainingTokens(), Duration.ofNanos(Math.max(1, wait)));
    }

    /** For a request that was counted and then not taken for another reason. */
    public void giveBack(Asker asker, Counted counted, int many) {
        table(counted, asker.standing())
                .ifPresent(table -> table.of(asker.client()).addTokens(many));
    }

    /** Clients that are told apart now, of both standings and everything counted; for people who watch memory. */
    public long clients() {
        return buckets.values().stream()
                .flatMap(tables -> tables.values().stream())
                .mapToLong(Buckets::size)
                .sum();
    }
}
