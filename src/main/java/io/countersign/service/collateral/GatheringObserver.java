package io.countersign.service.collateral;

import java.time.Duration;

/** Told what gathering does, so that somebody can count it. Kinds are few and never name a machine. */
public interface GatheringObserver {
    /** It was in hand, in memory or in the folder. */
    default void hit(String kind) {}

    default void miss(String kind) {}

    default void fetched(String kind, Duration took) {}

    default void failed(String kind, FetchFailure failure) {}

    /** A client's budget was spent, so nothing was fetched. */
    default void throttled(String kind) {}

    /** The queue was full, so the request was refused. */
    default void overloaded(String kind) {}

    /** There was no room for another fetch from this vendor, whatever the request got instead. */
    default void turnedAway(String kind) {}

    default void warned(GatheringWarning warning) {}

    /** What a fetch takes along from the request that caused it to the thread that runs it. */
    default Runnable carried(Runnable fetch) {
        return fetch;
    }

    /** A vendor is asked, from now until {@link Asking#close}, which the same thread calls. */
    default Asking asking(String kind, String host) {
        return () -> {};
    }

    /** A question under way. */
    interface Asking extends AutoCloseable {
        @Override
        void close();
    }

    static GatheringObserver none() {
        return new GatheringObserver() {};
    }
}
