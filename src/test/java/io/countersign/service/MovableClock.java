package io.countersign.service;

import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** The service's clock in the laboratory: the machine's, moved on as far as a test says. */
@Alternative
@Singleton
public class MovableClock implements InstantSource {
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    @Override
    public Instant instant() {
        return Instant.now().plus(ahead.get());
    }

    void moveOn(Duration by) {
        ahead.updateAndGet(before -> before.plus(by));
    }

    void reset() {
        ahead.set(Duration.ZERO);
    }
}
