package io.countersign.service.verbs;

import java.util.Locale;

/** The six verbs through which every request moves, always in this order. */
public enum Verb {
    RECEIVE,
    PARSE,
    GATHER,
    AUTHENTICATE,
    APPRAISE,
    COUNTERSIGN;

    /** As it stands in metrics and traces. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
