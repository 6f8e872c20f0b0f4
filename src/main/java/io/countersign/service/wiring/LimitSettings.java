package io.countersign.service.wiring;

import io.countersign.service.config.LimitsConfig;
import io.countersign.service.limits.Asker.Standing;
import io.countersign.service.limits.Places;
import io.countersign.service.limits.Rates;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The operator's limits as they are enforced; one that makes no sense stops the start, with a sentence that names its key. */
final class LimitSettings {
    private static final String KEY = "countersign.limits.";
    private static final int MOST_PLACES = 100_000;
    private static final int MOST_PER_MINUTE = 1_000_000;

    private LimitSettings() {}

    static Rates.Settings rates(LimitsConfig limits) {
        LimitsConfig.Rate rate = limits.rate();
        return new Rates.Settings(
                byStanding(
                        perMinute("rate.evidence", rate.evidence()),
                        perMinute("rate.caller-evidence", rate.callerEvidence())),
                byStanding(
                        perMinute("rate.requests", rate.requests()),
                        perMinute("rate.caller-requests", rate.callerRequests())),
                Bounds.devices(limits),
                within("rate.clients", rate.clients(), 100, 10_000_000));
    }

    static Places.Settings places(LimitsConfig limits) {
        int all = within("concurrent", limits.concurrent(), 1, MOST_PLACES);
        int callers = kept("reserved.callers", limits.reserved().callers(), all);
        int introspection = kept("reserved.introspection", limits.reserved().introspection(), all);
        if (all - callers - introspection < 1) {
            throw new IllegalArgumentException(
                    "countersign.limits.reserved.callers and countersign.limits.reserved.introspection keep %d of the %d places of countersign.limits.concurrent; at least one must be left for everybody"
                            .formatted(callers + introspection, all));
        }
        return new Places.Settings(
                all,
                callers,
                introspection,
                byStanding(
                        share("client-share", limits.clientShare(), all),
                        share("caller-share", limits.callerShare(), all)));
    }

    static Duration time(LimitsConfig limits) {
        return within("time", limits.time(), Duration.ofSeconds(1), Duration.ofMinutes(5));
    }

    static Duration receiveTime(LimitsConfig limits) {
        return within("receive-time", limits.receiveTime(), Duration.ofSeconds(1), Duration.ofMinutes(10));
    }

    /**
     * Too short, and no machine answers in time; too long, and what is spent must be remembered for as long, in memory or in
     * Redis.
     */
    static void challengeLifetime(Duration lifetime) {
        within("countersign.challenge.lifetime", "", lifetime, Duration.ofSeconds(10), Duration.ofHours(1));
    }

    private static int kept(String key, Optional<Integer> set, int all) {
        return set.map(value -> within(key, value, 0, all - 1)).orElse(all / 8);
    }

    private static Optional<Integer> share(String key, Optional<Integer> set, int all) {
        return set.map(value -> within(key, value, 1, all));
    }

    private static Optional<Integer> perMinute(String key, Optional<Integer> set) {
        return set.map(value -> within(key, value, 1, MOST_PER_MINUTE));
    }

    private static <T> Map<Standing, T> byStanding(T stranger, T registered) {
        return Map.of(Standing.STRANGER, stranger, Standing.REGISTERED, registered);
    }

    private static int within(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "%s%s is %d; it goes from %d to %d".formatted(KEY, key, value, least, most));
        }
        return value;
    }

    private static Duration within(String key, Duration value, Duration least, Duration most) {
        return within(KEY, key, value, least, most);
    }

    private static Duration within(String prefix, String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException("%s%s is %s; it goes from %s to %s"
                    .formatted(prefix, key, words(value), words(least), words(most)));
        }
        return value;
    }

    /** As it is written in configuration. */
    private static String words(Duration time) {
        if (time.toMillis() % 1000 != 0) {
            return time.toMillis() + "ms";
        }
        return time.toSeconds() % 60 == 0 && !time.isZero() ? time.toMinutes() + "m" : time.toSeconds() + "s";
    }
}
