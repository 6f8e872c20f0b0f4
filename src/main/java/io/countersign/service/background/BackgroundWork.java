package io.countersign.service.background;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One thread and a bounded queue: whoever offers work never waits. */
public final class BackgroundWork implements AutoCloseable {
    private static final int SECONDS_AT_END = 5;

    private final ThreadPoolExecutor worker;

    /** Whether work was taken. */
    public enum Offer {
        TAKEN,
        REFUSED
    }

    /**
     * Idle until work is offered.
     *
     * @param name of the thread
     * @param queue how much work may wait
     */
    public BackgroundWork(String name, int queue) {
        this.worker = new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(queue), work -> {
            var thread = new Thread(work, "countersign-" + name);
            thread.setDaemon(true);
            return thread;
        });
        worker.allowCoreThreadTimeOut(true);
    }

    /** Takes work that throws nothing, or refuses it when the queue is full. */
    public Offer offer(Runnable work) {
        try {
            worker.execute(work);
            return Offer.TAKEN;
        } catch (RejectedExecutionException _) {
            return Offer.REFUSED;
        }
    }

    /** Takes no more, and waits a moment for what was taken. */
    @Override
    public void close() {
        worker.shutdown();
        try {
            if (!worker.awaitTermination(SECONDS_AT_END, TimeUnit.SECONDS)) {
                worker.shutdownNow();
            }
        } catch (InterruptedException _) {
            worker.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
