package io.countersign.service.shadow;

import io.countersign.trial.Yardstick;

/** Counts what shadow policies would say. */
public interface ShadowObserver {
    /** A verdict of {@code policy}, compared with what {@code shadow} would have said. */
    void judged(String policy, String shadow, Yardstick.Change change);

    /**
     * A rule of the shadow.
     *
     * @param outcome the worst over the submodules
     */
    void rule(String policy, String shadow, String rule, String outcome);

    /** The queue was full. */
    void dropped();

    /** Judging by a shadow failed, which is our bug. */
    void failed();
}
