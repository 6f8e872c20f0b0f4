package io.countersign.service.api;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.Problem;
import io.countersign.service.api.problem.ProblemCode;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;

/** Bounds how many requests are under way: one more is told to come back, never queued. */
public final class Admission {
    private final Semaphore places;

    public Admission(int concurrent) {
        this.places = new Semaphore(concurrent);
    }

    <T> T admit(Callable<T> work) throws Exception {
        if (!places.tryAcquire()) {
            throw new CountersignException(Problem.of(
                            ProblemCode.OVERLOADED,
                            "As many requests are under way as the service takes.",
                            "Try again in a moment, or run more replicas.")
                    .retryAfter(Duration.ofSeconds(1)));
        }
        try {
            return work.call();
        } finally {
            places.release();
        }
    }
}
