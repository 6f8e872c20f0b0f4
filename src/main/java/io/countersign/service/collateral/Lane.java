package io.countersign.service.collateral;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;

/**
 * Fetches of one vendor that share a queue and a pause. Each vendor has two lanes, so that a flood of made-up machines
 * delays neither revocation lists nor the renewal of what is known.
 */
final class Lane {
    /** A vendor who asks for a longer silence is asked again after this one. */
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(15);

    /** Why and how long the vendor is left alone. */
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
    private Pause pause = new Pause(Instant.MIN, Instant.MIN, 0, "");

    Lane(CollateralConfig config, InstantSource clock, ExecutorService threads) {
        this.config = config;
        this.clock = clock;
        this.threads = threads;
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

    synchronized Optional<Pause> paused() {
        return pause.left(clock.instant()).isPresent() ? Optional.of(pause) : Optional.empty();
    }

    /** The vendor said something other than "slow down": whatever was wrong is over, once the pause it asked for is. */
    synchronized void answered() {
        if (pause.left(clock.instant()).isPresent()) {
            return;
        }
        pause = new Pause(Instant.MIN, Instant.MIN, 0, "");
    }

    Pause throttled(String why, Optional<Duration> asked) {
        return pause(why, config.throttled(), asked);
    }

    Pause unreachable(String why) {
        return pause(why, config.failing(), Optional.empty());
    }

    private synchronized Pause pause(String why, CollateralConfig.Backoff backoff, Optional<Duration> asked) {
        Instant now = clock.instant();
        boolean standing = pause.left(now).isPresent();
        // Fetches that were under way together fail together: that is one failure, not several in a row.
        int failures = standing ? pause.failures() : pause.failures() + 1;
        Duration wait = asked.map(Lane::bounded).orElseGet(() -> backoff.after(failures));
        Instant until = now.plus(wait);
        if (standing && pause.until().isAfter(until)) {
            until = pause.until();
        }
        pause = new Pause(now, until, failures, why);
        return pause;
    }

    private static Duration bounded(Duration asked) {
        return asked.compareTo(LONGEST_SILENCE) < 0 ? asked : LONGEST_SILENCE;
    }
}
