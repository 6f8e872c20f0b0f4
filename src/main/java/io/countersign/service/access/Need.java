package io.countersign.service.access;

import io.countersign.service.caller.Role;

/** What a route asks of whoever calls it, once roles are in force. */
public sealed interface Need {
    /** Nothing: it says what everybody may know. */
    record Nothing() implements Need {}

    /** Nothing for up or down; {@link Role#OPERATE} for what stands behind it. */
    record Status() implements Need {}

    /** A known caller; what it gets depends on the audiences it speaks for. */
    record KnownCaller() implements Need {}

    /** A role, which everybody may have. */
    record OfRole(Role role) implements Need {}

    /** No route that anybody thought of: nobody gets there. */
    record Unclassified() implements Need {}
}
