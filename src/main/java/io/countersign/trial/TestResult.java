package io.countersign.trial;

import io.countersign.verifier.policy.PolicyTest;
import java.util.List;

/** How one test of a policy ended. */
public sealed interface TestResult {
    PolicyTest test();

    /** The policy said what the test expects. */
    record Met(PolicyTest test) implements TestResult {}

    /**
     * The policy said something else.
     *
     * @param differences one sentence each: what was expected, what came out, and why
     */
    record Differs(PolicyTest test, List<String> differences) implements TestResult {
        public Differs {
            differences = List.copyOf(differences);
        }
    }

    /** The test could not be run, which never counts as met. */
    record Broken(PolicyTest test, String why) implements TestResult {}
}
