package io.countersign.service.api.problem;

/** Learns of every problem that is answered. */
@FunctionalInterface
public interface ProblemObserver {
    /** Nobody learns of it. */
    ProblemObserver NOBODY = _ -> {};

    void answered(ProblemCode code);
}
