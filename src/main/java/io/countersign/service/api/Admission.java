package io.countersign.service.api;

import io.countersign.service.api.problem.CountersignException;
import io.countersign.service.api.problem.Problem;
import io.countersign.service.api.problem.ProblemCode;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;

/**
 * Runs requests on virtual threads once their bodies are read, and bounds how many are under way: one more is told to come
 * back, never queued.
 */
public final class Admission {
    private final Semaphore places;
    private final ExecutorService threads;

    public Admission(int concurrent, ExecutorService threads) {
        this.places = new Semaphore(concurrent);
        this.threads = threads;
    }

    <T> Uni<T> admit(Callable<T> work) {
        if (!places.tryAcquire()) {
            return Uni.createFrom()
                    .failure(new CountersignException(Problem.of(
                                    ProblemCode.OVERLOADED,
                                    "As many requests are under way as the service takes.",
                                    "Try again in a moment, or run more replicas.")
                            .retryAfter(Duration.ofSeconds(1))));
        }
        return Uni.createFrom()
                .<T>emitter(emitter -> threads.execute(() -> {
                    try {
                        emitter.complete(work.call());
                    } catch (Throwable e) { // an Error too must end the request, or its caller would wait for ever
                        emitter.fail(e);
                    } finally {
                        places.release();
                    }
                }));
    }
}
