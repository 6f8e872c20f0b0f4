package io.countersign.service.access;

import io.countersign.service.caller.Caller;

/** What a request shows of who sends it. */
sealed interface Identity {
    /** Nothing. */
    record Nobody() implements Identity {}

    record Found(Caller.Known caller) implements Identity {}

    /** Something that names nobody known: never taken for nothing. */
    record Refused(Refusal why) implements Identity {}
}
