package io.countersign.service.collateral;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/**
 * Fetches of one vendor that share a queue, and a pause for each of its origins. Each vendor has two lanes, so that a flood
 * of made-up machines delays neither revocation lists nor the renewal of what is known.
 */
final class Lane {
    /** A vendor who asks for a longer silence is asked again after this one. */
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(15);

    /** Why and how long an origin is left alone. */
    record Pause(Instant since, Instant until, int failures, String why) {
        Optional<Duration> left(Instant now) {
            // A clock set back must not make a pause of seconds last for hours.
            boolean standing = now.isBefore(until) && !now.isBefore(since);
            return standing ? Optional.of(Duration.between(now, until)) : Optional.empty();
        }
    }

    private final CollateralConfig config;
    private final InstantSource clock;
    private final ExecutorService threads;
    private final Semaphore admitted;
    private final Semaphore running;
    private final int most;
    private final Map<URI, Pause> pauses = new HashMap<>();

    Lane(CollateralConfig config, InstantSource clock, ExecutorService threads) {
        this.config = config;
        this.clock = clock;
        this.threads = threads;
        this.most = config.maxConcurrent();
        this.admitted = new Semaphore(config.maxConcurrent() + config.queue());
        this.running = new Semaphore(config.maxConcurrent(), true);
    }

    /** Takes a place among the running and waiting; whoever is admitted must either run or leave. */
    boolean admit() {
        return admitted.tryAcquire();
    }

    void leave() {
        admitted.release();
    }

    /** Fetches that the vendor has to answer now. */
    int running() {
        return most - running.availablePermits();
    }

    /** Runs an admitted fetch when its turn comes, and then gives its place back. */
    void run(Runnable fetch) {
        threads.execute(() -> {
            running.acquireUninterruptibly();
            try {
                fetch.run();
            } finally {
                running.release();
                leave();
            }
        });
    }

    /** Those of a vendor's origins that may be asked now, in their order. */
    synchronized List<URI> open(List<URI> origins) {
        return origins.stream().filter(origin -> standing(origin).isEmpty()).toList();
    }

    /** Present when all of them are left alone: the pause that ends first, with every reason. */
    synchronized Optional<Pause> paused(List<URI> origins) {
        List<Pause> all =
                origins.stream().flatMap(origin -> standing(origin).stream()).toList();
        if (all.size() < origins.size()) {
            return Optional.empty();
        }
        String why = all.stream().map(Pause::why).distinct().collect(Collectors.joining("; "));
        return all.stream()
                .min(Comparator.comparing(Pause::until))
                .map(first -> new Pause(first.since(), first.until(), first.failures(), why));
    }

    private Optional<Pause> standing(URI origin) {
        return Optional.ofNullable(pauses.get(origin))
                .filter(pause -> pause.left(clock.instant()).isPresent());
    }

    /** This origin said something other than "slow down": what was wrong is over, once the pause it asked for is. */
    synchronized void answered(URI origin) {
        if (standing(origin).isEmpty()) {
            pauses.remove(origin);
        }
    }

    void throttled(URI origin, String why, Optional<Duration> asked) {
        pause(origin, why, config.throttled(), asked);
    }

    void unreachable(URI origin, String why) {
        pause(origin, why, config.failing(), Optional.empty());
    }

    private synchronized void pause(
            URI origin, String why, CollateralConfig.Backoff backoff, Optional<Duration> asked) {
        Instant now = clock.instant();
        Optional<Pause> standing = standing(origin);
        int before =
                Optional.ofNullable(pauses.get(origin)).map(Pause::failures).orElse(0);
        // Fetches that were under way together fail together: that is one failure, not several in a row.
        int failures = standing.isPresent() ? before : before + 1;
        Duration wait = asked.map(Lane::bounded).orElseGet(() -> backoff.after(failures));
        Instant until =
                standing.map(Pause::until).filter(now.plus(wait)::isBefore).orElse(now.plus(wait));
        pauses.put(origin, new Pause(now, until, failures, why));
    }

    private static Duration bounded(Duration asked) {
        return asked.compareTo(LONGEST_SILENCE) < 0 ? asked : LONGEST_SILENCE;
    }
}
