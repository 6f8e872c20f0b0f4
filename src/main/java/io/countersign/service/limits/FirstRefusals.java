package io.countersign.service.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** Says that a limit begins to refuse requests, once until it has refused none for a while: what anybody may provoke must not flood the log. */
public final class FirstRefusals implements LimitsObserver {
    /** Where it is said. */
    @FunctionalInterface
    public interface Log {
        void say(String sentence);
    }

    private static final Duration QUIET = Duration.ofMinutes(10);

    private static final class Bout {
        private long last;
        private long refused;
    }

    private final Ticker ticker;
    private final Log log;
    private final Map<Limit, Bout> bouts = new EnumMap<>(Limit.class);

    /** Takes a clock that only runs forwards. */
    public FirstRefusals(Ticker ticker, Log log) {
        this.ticker = ticker;
        this.log = log;
    }

    @Override
    public synchronized void refused(Limit limit) {
        long now = ticker.read();
        Bout bout = bouts.get(limit);
        if (bout == null) {
            bout = new Bout();
            bouts.put(limit, bout);
            log.say(begins(limit, ""));
        } else if (now - bout.last >= QUIET.toNanos()) {
            log.say(begins(limit, " The last time it refused %d.".formatted(bout.refused)));
            bout.refused = 0;
        }
        bout.last = now;
        bout.refused++;
    }

    private static String begins(Limit limit, String before) {
        return "the limit %s begins to refuse requests; countersign.limits.refused counts them, docs/limits.md says what to do.%s"
                .formatted(limit.word(), before);
    }
}
