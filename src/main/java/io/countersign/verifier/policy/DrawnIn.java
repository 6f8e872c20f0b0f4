package io.countersign.verifier.policy;

import java.util.Collection;

/** Whether all that a policy draws in is there: what it would have brought is not told as missing a second time. */
enum DrawnIn {
    ALL,
    NOT_ALL;

    static DrawnIn of(Collection<?> stated, Collection<?> found) {
        return found.size() < stated.size() ? NOT_ALL : ALL;
    }

    DrawnIn and(DrawnIn other) {
        return this == ALL ? other : this;
    }
}
