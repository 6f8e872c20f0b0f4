package io.countersign.service.store;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.Problem;
import io.countersign.service.api.problem.ProblemCode;
import java.time.Duration;

/** The one way in which a store says that it cannot be sure. */
final class StoreUnavailable {
    /** Longer than the store takes to notice that it can be used again. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private StoreUnavailable() {}

    static CountersignException because(String detail) {
        return new CountersignException(Problem.of(
                        ProblemCode.STORE_UNAVAILABLE,
                        detail,
                        "Try again after the time in Retry-After, with a new challenge: the one of this request may have"
                                + " been spent.")
                .retryAfter(RETRY_AFTER));
    }

    /** What callers are told of every trouble with a shared store; which one it is stands in the log and in health. */
    static CountersignException unsure() {
        return because("The store that replicas share cannot be used just now, so it cannot be known whether this"
                + " happened before.");
    }
}
