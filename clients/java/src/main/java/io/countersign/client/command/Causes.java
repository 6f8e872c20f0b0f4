package io.countersign.client.command;

import io.countersign.client.AttestationOutcome.Unavailable.Cause;

/** The exit code of each cause. */
final class Causes {
    private Causes() {}

    static Exit exit(Cause cause) {
        return switch (cause) {
            case AWAY -> Exit.AWAY;
            case BUSY -> Exit.TRY_LATER;
            case FAULT -> Exit.INTERNAL;
        };
    }
}
