package io.countersign.service.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.countersign.service.collateral.ClientId;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;

/**
 * A token bucket for each client, in bounded memory. A bucket is forgotten when it must be full again, which loses nothing,
 * and for no other reason: whoever comes when there is no room for another shares one bucket with all others who do. So no
 * number of addresses makes the service forget that one of them has had its share.
 */
final class Buckets {
    private final Allowance allowance;
    private final int clients;
    private final TimeMeter meter;
    private final Cache<ClientId, Bucket> buckets;
    private final Bucket crowd;

    Buckets(Allowance allowance, int clients, Ticker ticker) {
        this.allowance = allowance;
        this.clients = clients;
        long began = ticker.read();
        this.meter = new TimeMeter() {
            /** Counted from our own start: the buckets would stand still where the machine's count wraps around. */
            @Override
            public long currentTimeNanos() {
                return ticker.read() - began;
            }

            @Override
            public boolean isWallClockBased() {
                return false;
            }
        };
        this.buckets = Caffeine.newBuilder()
                .expireAfterAccess(allowance.fullAgain())
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
        this.crowd = full();
    }

    private Bucket full() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(allowance.burst())
                        .refillGreedy(allowance.perMinute(), java.time.Duration.ofMinutes(1)))
                .withCustomTimePrecision(meter)
                .build();
    }

    Allowance allowance() {
        return allowance;
    }

    Bucket of(ClientId client) {
        Bucket known = buckets.getIfPresent(client);
        if (known != null) {
            return known;
        }
        if (buckets.estimatedSize() >= clients) {
            // What has ended still counts until somebody looks.
            buckets.cleanUp();
            if (buckets.estimatedSize() >= clients) {
                return crowd;
            }
        }
        return buckets.get(client, _ -> full());
    }

    long size() {
        return buckets.estimatedSize();
    }
}
