package io.countersign.service.policies;

import io.countersign.verifier.policy.PolicyIssue;

/** A file of the folder before anything in it counts. */
sealed interface Candidate {
    /** What it says, for the parser or only for people. */
    String source();

    /** A text that may be loaded if it is a policy. */
    record Text(String source) implements Candidate {}

    /**
     * A text that is not loaded whatever it says.
     *
     * @param source as far as there is any
     */
    record Withheld(String source, PolicyIssue issue) implements Candidate {}
}
