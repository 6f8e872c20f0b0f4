package io.countersign.service.collateral;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;

/** Counts every warning and logs at most one of each kind a minute: what anybody may provoke must not flood the log. */
final class Warnings {
    private static final System.Logger LOG = System.getLogger(Warnings.class.getPackageName());
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final GatheringObserver observer;
    private final Map<GatheringWarning, Instant> logged = new EnumMap<>(GatheringWarning.class);

    Warnings(InstantSource clock, GatheringObserver observer) {
        this.clock = clock;
        this.observer = observer;
    }

    void warn(GatheringWarning warning, String sentence) {
        observer.warned(warning);
        if (mayLog(warning)) {
            LOG.log(System.Logger.Level.WARNING, sentence);
        }
    }

    void ourBug(RuntimeException bug) {
        LOG.log(System.Logger.Level.ERROR, "fetching an endorsement ended in a bug of this service", bug);
    }

    private synchronized boolean mayLog(GatheringWarning warning) {
        Instant now = clock.instant();
        Instant last = logged.get(warning);
        if (last != null && now.isBefore(last.plus(QUIET)) && !now.isBefore(last)) {
            return false;
        }
        logged.put(warning, now);
        return true;
    }
}
