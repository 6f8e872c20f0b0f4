package io.countersign.service;

import com.github.benmanes.caffeine.cache.Ticker;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The clock of limits, which stands still until a test moves it. */
@Alternative
@Singleton
public class HeldTicker implements Ticker {
    private final AtomicLong now = new AtomicLong(System.nanoTime());

    @Override
    public long read() {
        return now.get();
    }

    void moveOn(Duration by) {
        now.addAndGet(by.toNanos());
    }
}
