package io.countersign.service.collateral;

import java.time.Duration;

/** Too many fetches are under way or waiting: the request is refused at once instead of waiting too. */
public final class GatheringOverloadedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final Duration retryAfter;

    GatheringOverloadedException(Duration retryAfter) {
        super("too many endorsements are being fetched; ask again in %d seconds".formatted(retryAfter.toSeconds()));
        this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
        return retryAfter;
    }
}
