package io.countersign.service.collateral;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until somebody moves it. */
final class HandClock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-06-01T12:00:00Z");

    @Override
    public Instant instant() {
        return now;
    }

    void forward(Duration step) {
        now = now.plus(step);
    }
}
