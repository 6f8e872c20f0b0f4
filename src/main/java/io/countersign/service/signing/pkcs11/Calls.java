package io.countersign.service.signing.pkcs11;

import io.countersign.service.signing.KeyTroubleException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls into a library that may never come back: each is waited for so long and no longer, and when too many are out, none is
 * added.
 */
final class Calls {
    private static final int THREADS = 8;
    private static final int WAITING = 64;

    private final ThreadPoolExecutor threads;
    private final String whom;
    private final Duration patience;

    Calls(String whom, Duration patience) {
        this.whom = whom;
        this.patience = patience;
        // Native calls hold their thread, so these are no virtual ones.
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(WAITING), work -> {
                    var thread = new Thread(work, "countersign-pkcs11");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    <T> T call(Callable<T> work) throws KeyTroubleException {
        Future<T> answer;
        try {
            answer = threads.submit(work);
        } catch (RejectedExecutionException e) {
            throw new KeyTroubleException(whom + " has not answered earlier calls, so no more are made", e);
        }
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new KeyTroubleException("%s did not answer within %d ms".formatted(whom, patience.toMillis()), e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new KeyTroubleException("the call of %s was interrupted".formatted(whom), e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KeyTroubleException trouble
                    ? trouble
                    : new KeyTroubleException("%s cannot be used: %s".formatted(whom, Pkcs11Answer.of(e)), e);
        }
    }
}
