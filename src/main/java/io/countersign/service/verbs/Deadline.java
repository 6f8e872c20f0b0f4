package io.countersign.service.verbs;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;

/**
 * By when the appraisal that is under way must be done, and which verb it is at. It goes with the thread of the request, so
 * that neither those who judge nor those who wait need to hand it on; work for nobody's request has none.
 */
public final class Deadline {
    private static final ScopedValue<Deadline> CURRENT = ScopedValue.newInstance();

    private final Duration time;
    private final LongSupplier nanos;
    private long end;
    private Verb at = Verb.RECEIVE;

    private Deadline(Duration time, LongSupplier nanos) {
        this.time = time;
        this.nanos = nanos;
        this.end = nanos.getAsLong() + time.toNanos();
    }

    /**
     * Does the work with this much time from now.
     *
     * @param nanos a clock that only runs forwards
     */
    public static <T> T within(Duration time, LongSupplier nanos, Callable<T> work) throws Exception {
        return ScopedValue.where(CURRENT, new Deadline(time, nanos)).call(work::call);
    }

    /** That of the request which this thread is at. */
    public static Optional<Deadline> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    /** This wait, or what is left of the time where that is less. */
    public static Duration atMost(Duration wait) {
        return current()
                .map(Deadline::left)
                .filter(left -> left.compareTo(wait) < 0)
                .orElse(wait);
    }

    /** The whole time again, for another appraisal of the same request. */
    public void again() {
        end = nanos.getAsLong() + time.toNanos();
        at = Verb.RECEIVE;
    }

    /** What is left, and nothing where it is over. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, end - nanos.getAsLong()));
    }

    public Duration time() {
        return time;
    }

    /** The verb that was begun last. */
    public Verb at() {
        return at;
    }

    /** From now on the request is at this verb. */
    public void at(Verb verb) {
        at = verb;
    }
}
