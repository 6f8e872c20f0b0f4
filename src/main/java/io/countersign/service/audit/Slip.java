package io.countersign.service.audit;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** One line on its way to the log, and who waits for it. */
final class Slip {
    private final byte[] middle;
    private final Purpose purpose;
    private final CompletableFuture<Boolean> durable = new CompletableFuture<>();
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

    /** Whether what the line tells of waits for it. */
    enum Purpose {
        DECISION,
        EVENT
    }

    /** What became of a line that was written. */
    enum Fate {
        COUNTS,
        /** Whoever waited for it had been refused by then. */
        CAME_TOO_LATE
    }

    private enum State {
        WAITING,
        TAKEN,
        WRITTEN,
        REFUSED,
        GIVEN_UP
    }

    Slip(byte[] middle, Purpose purpose) {
        this.middle = middle;
        this.purpose = purpose;
    }

    byte[] middle() {
        return middle;
    }

    boolean isEvent() {
        return purpose == Purpose.EVENT;
    }

    /** Asked by who waits: true when the line counts, false when it never will. */
    boolean isDurableWithin(Duration wait) {
        try {
            return durable.get(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return wasDurableAfterAll();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return wasDurableAfterAll();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a slip is only ever written or refused", e);
        }
    }

    private boolean wasDurableAfterAll() {
        return state.updateAndGet(now -> now == State.WRITTEN ? State.WRITTEN : State.GIVEN_UP) == State.WRITTEN;
    }

    /** By the writer: whether it is still wanted. */
    boolean take() {
        return state.compareAndSet(State.WAITING, State.TAKEN) || state.get() == State.TAKEN;
    }

    /** By the writer: it is durable. */
    Fate written() {
        if (state.compareAndSet(State.TAKEN, State.WRITTEN)) {
            durable.complete(true);
            return Fate.COUNTS;
        }
        return Fate.CAME_TOO_LATE;
    }

    /** By the writer: it will not be written. */
    void refuse() {
        state.updateAndGet(now -> now == State.GIVEN_UP ? State.GIVEN_UP : State.REFUSED);
        durable.complete(false);
    }
}
