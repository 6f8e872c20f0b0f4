package io.countersign.service.collateral;

/** When the evidence that endorsements are gathered for is judged. */
public enum Occasion {
    /** At this moment, so that what was fetched here before counts. */
    NOW,
    /** As of another time, at which what was fetched since had not been published yet. */
    AS_OF
}
