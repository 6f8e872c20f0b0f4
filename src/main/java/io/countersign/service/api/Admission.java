package io.countersign.service.api;

import io.countersign.service.limits.Asker;
import io.countersign.service.limits.Limit;
import io.countersign.service.limits.LimitsObserver;
import io.countersign.service.limits.Places;
import io.countersign.service.limits.Places.Asked;
import io.countersign.service.limits.Places.Purpose;
import io.countersign.service.limits.Rates;
import io.countersign.service.limits.Rates.Counted;
import io.countersign.service.limits.Rates.Taken;
import io.countersign.service.verbs.Deadline;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Runs requests once their bodies are read, and bounds how many are under way and how many a client sends: one more is told
 * to come back, never queued.
 */
public final class Admission {
    /** What a request does once it is admitted. */
    interface Work<T> {
        T run(Meter meter) throws Exception;
    }

    /**
     * Who does the work. Threads for common places may be virtual: as many of them compute at once as there are cores, the
     * others wait in line. Work in a place that is kept has threads of its own, so that it does not stand in that line.
     */
    public record Threads(Executor common, Executor kept) {}

    private final Places places;
    private final Rates rates;
    private final Duration time;
    private final LongSupplier nanos;
    private final Threads threads;
    private final LimitsObserver observer;

    /**
     * Takes every limit.
     *
     * @param time for one request
     * @param nanos a clock that only runs forwards
     */
    public Admission(
            Places places, Rates rates, Duration time, LongSupplier nanos, Threads threads, LimitsObserver observer) {
        this.places = places;
        this.rates = rates;
        this.time = time;
        this.nanos = nanos;
        this.threads = threads;
        this.observer = observer;
    }

    /** Work on evidence, each piece of which the work shows to its meter before anything is done about it. */
    <T> Uni<T> evidence(RoutingContext context, Work<T> work) {
        Asker asker = Clients.asker(context);
        return begin(context, asker, Counted.EVIDENCE, Purpose.EVIDENCE, () -> work.run(new Meter(context, asker)));
    }

    <T> Uni<T> introspection(RoutingContext context, Callable<T> work) {
        return begin(context, Clients.asker(context), Counted.REQUESTS, Purpose.INTROSPECTION, work);
    }

    /** Counts a challenge, which needs no place: making one is a matter of microseconds. */
    void challenge(RoutingContext context) {
        take(context, Clients.asker(context), Counted.REQUESTS, 1, 1);
    }

    /** Counts a limit that the request met elsewhere. */
    void met(Limit limit) {
        observer.refused(limit);
    }

    private <T> Uni<T> begin(RoutingContext context, Asker asker, Counted counted, Purpose purpose, Callable<T> work) {
        // The first piece is paid for before the body is looked into, and whatever is found there.
        take(context, asker, counted, 1, 1);
        return switch (places.ask(asker, purpose)) {
            case Asked.Taken taken -> run(taken, work);
            case Asked.Refused(Limit limit, int most) -> {
                rates.giveBack(asker, counted, 1);
                observer.refused(limit);
                throw limit == Limit.CLIENT_SHARE ? RateFields.share(most) : RateFields.full();
            }
        };
    }

    private <T> Uni<T> run(Asked.Taken place, Callable<T> work) {
        Executor executor =
                switch (place.kind()) {
                    case COMMON -> threads.common();
                    case KEPT -> threads.kept();
                };
        return Uni.createFrom()
                .<T>emitter(emitter -> executor.execute(() -> {
                    try {
                        emitter.complete(inPlace(place, work));
                    } catch (Throwable e) { // an Error too must end the request, or its caller would wait for ever
                        emitter.fail(e);
                    }
                }));
    }

    /** The place is free before the answer goes out: whoever has an answer may send the next request at once. */
    private <T> T inPlace(Asked.Taken place, Callable<T> work) throws Exception {
        try {
            return Deadline.within(time, nanos, work);
        } finally {
            place.giveBack().run();
        }
    }

    private void take(RoutingContext context, Asker asker, Counted counted, int many, int again) {
        switch (rates.take(asker, counted, many, again)) {
            case Taken.Unlimited _ -> {}
            case Taken.Granted(var allowance, var left, var fullIn) ->
                RateFields.tell(context.response(), counted, allowance, left, fullIn);
            case Taken.Refused(var allowance, var left, var wait) -> {
                observer.refused(Limit.RATE);
                RateFields.tell(context.response(), counted, allowance, left, wait);
                throw RateFields.usedUp(counted, allowance, wait);
            }
        }
    }

    /** Counts the pieces of evidence of one request, of which the first has been paid for. */
    final class Meter {
        private final RoutingContext context;
        private final Asker asker;
        private int paid = 1;

        private Meter(RoutingContext context, Asker asker) {
            this.context = context;
            this.asker = asker;
        }

        /** Throws a {@code CountersignException} where the client has too few left. */
        void count(int pieces) {
            int due = pieces - paid;
            paid = 0;
            if (due > 0) {
                take(context, asker, Counted.EVIDENCE, due, pieces);
            }
        }
    }
}
