package io.countersign.service.policies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.trial.TestResult;
import io.countersign.verifier.fixtures.Core;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyIssue;
import io.countersign.verifier.policy.PolicyParser;
import io.countersign.verifier.policy.PolicyReading;
import io.countersign.verifier.policy.PolicyTest;
import io.countersign.verifier.result.TrustTier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a policy's own tests do to it. */
class PolicyAcceptanceTest {
    private static final AppraisalPolicy POLICY = assertInstanceOf(
                    PolicyReading.Accepted.class,
                    Core.POLICIES.parse(Texts.policy("a", "1"), PolicyParser.Library.empty()))
            .policy();
    private static final PolicyTest TEST = new PolicyTest(
            "good machine",
            "cases/good.json",
            Optional.empty(),
            Map.of(),
            List.of(),
            TrustTier.AFFIRMING,
            Optional.empty(),
            Map.of(),
            3);

    private static List<PolicyIssue> objections(TestResult result) {
        return PolicyAcceptance.objection("a.yaml", POLICY, result).toList();
    }

    @Test
    void aTestThatIsMetSaysNothing() {
        assertEquals(List.of(), objections(new TestResult.Met(TEST)));
    }

    @Test
    void aTestThatDiffersIsAnErrorAtItsLineWithEveryDifference() {
        PolicyIssue issue = objections(new TestResult.Differs(TEST, List.of("status is warning", "no token")))
                .getFirst();
        assertEquals(PolicyIssue.Severity.ERROR, issue.severity());
        assertEquals(3, issue.line());
        assertEquals("summary: A policy for tests.", issue.sourceLine());
        assertEquals("a.yaml", issue.file());
        assertTrue(issue.message().contains("good machine"), issue.message());
        assertTrue(issue.message().contains("status is warning; no token"), issue.message());
    }

    @Test
    void aTestThatCannotBeRunIsAnErrorToo() {
        PolicyIssue issue =
                objections(new TestResult.Broken(TEST, "there is no such case")).getFirst();
        assertEquals(PolicyIssue.Severity.ERROR, issue.severity());
        assertTrue(issue.message().contains("there is no such case"), issue.message());
    }
}
