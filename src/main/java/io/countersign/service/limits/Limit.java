package io.countersign.service.limits;

import java.util.Locale;

/** Every limit that a request can meet. */
public enum Limit {
    /** What one client may send a minute. */
    RATE,
    /** What one client may have under way at once. */
    CLIENT_SHARE,
    /** What all may have under way at once. */
    CONCURRENT,
    REQUEST_BYTES,
    DEVICES,
    DEPTH,
    /** For one appraisal. */
    TIME,
    /** For the arrival of one body. */
    RECEIVE_TIME,
    /** Fetches from one vendor, under way and waiting. */
    OUTBOUND;

    /** As it stands in metrics and logs. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
