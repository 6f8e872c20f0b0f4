package io.countersign.trial;

import io.countersign.cases.CaseSource;
import io.countersign.verifier.policy.AppraisalPolicy;
import java.util.List;

/** Runs the tests that stand in a policy. */
public final class PolicyTests {
    private PolicyTests() {}

    /** Every test's result, in the order of the file. */
    public static List<TestResult> run(AppraisalPolicy policy, CaseSource cases) {
        return policy.tests().stream()
                .<TestResult>map(test -> new TestResult.Broken(test, "tests cannot be run yet"))
                .toList();
    }
}
