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

    default void warned(GatheringWarning warning) {}

    static GatheringObserver none() {
        return new GatheringObserver() {};
    }
}
