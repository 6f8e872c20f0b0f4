package io.countersign.service.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Whether the shared store can be used; says so in the log when that changes, not for each request that finds out. */
final class Outage {
    private static final Logger LOG = Logger.getLogger("io.countersign.store");
    /** A store that comes and goes is spoken of no more often than this. */
    private static final Duration QUIET = Duration.ofSeconds(10);

    private final String address;
    private Optional<String> trouble = Optional.empty();
    private Optional<String> said = Optional.empty();
    private Instant quietUntil = Instant.MIN;

    Outage(RedisAddress address) {
        this.address = address.toString();
    }

    synchronized void failed(String why, Instant now) {
        trouble = Optional.of(why);
        if (said.isEmpty() && !now.isBefore(quietUntil)) {
            quietUntil = now.plus(QUIET);
            said = trouble;
            LOG.warnf(
                    "Redis at %s cannot be used: %s. Until it can, no challenge is spent and no token consumed"
                            + " (store-unavailable)",
                    address, why);
        }
    }

    synchronized void succeeded() {
        trouble = Optional.empty();
        if (said.isPresent()) {
            said = Optional.empty();
            LOG.infof("Redis at %s can be used again", address);
        }
    }

    synchronized Optional<String> trouble() {
        return trouble;
    }
}
