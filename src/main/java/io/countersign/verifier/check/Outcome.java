package io.countersign.verifier.check;

/** How a check or rule ended. Only {@link Passed} and {@link Waived} admit. */
public sealed interface Outcome {
    record Passed(String because) implements Outcome {}

    /** What was expected, what was found, and what to do about it. */
    record Failed(String expected, String actual, String hint) implements Outcome {}

    /** We could not know: what is missing, why, and what to do about it. */
    record Undetermined(String missing, Cause cause, String hint) implements Outcome {}

    /** An earlier check made this one meaningless. */
    record NotReached(CheckId blockedBy) implements Outcome {}

    /** The policy's owner said, in writing, that this one need not be determined. */
    record Waived(String byPolicy, String reason) implements Outcome {}

    /** Why something is undetermined. */
    enum Cause {
        /** The request did not ask for it, or the evidence does not hold it. */
        NOT_ASKED,
        /** An endorsement is not in hand, and asking again will not change that. */
        NOT_IN_HAND,
        /** An endorsement could not be fetched just now; asking again later can help. */
        NOT_FETCHED
    }

    default String word() {
        return switch (this) {
            case Passed _ -> "passed";
            case Failed _ -> "failed";
            case Undetermined _ -> "undetermined";
            case NotReached _ -> "not-reached";
            case Waived _ -> "waived";
        };
    }

    default boolean admits() {
        return switch (this) {
            case Passed _, Waived _ -> true;
            case Failed _, Undetermined _, NotReached _ -> false;
        };
    }
}
