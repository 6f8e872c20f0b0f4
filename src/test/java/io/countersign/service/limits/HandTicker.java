package io.countersign.service.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/** A clock that runs when a test says so. It begins shortly before it wraps around, as a real one may. */
final class HandTicker implements Ticker {
    private long now = Long.MAX_VALUE - Duration.ofSeconds(30).toNanos();

    @Override
    public long read() {
        return now;
    }

    void moveOn(Duration by) {
        now += by.toNanos();
    }
}
