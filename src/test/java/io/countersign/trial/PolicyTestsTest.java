package io.countersign.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.cases.CaseSource;
import io.countersign.service.wiring.TrialCases;
import io.countersign.verifier.fixtures.Core;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyTest;
import io.countersign.verifier.policy.PolicyTest.TokenExpectation;
import io.countersign.verifier.result.TrustTier;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PolicyTestsTest {
    private static final CaseSource SHIPPED = TrialCases.shipped();
    private static final AppraisalPolicy BASELINE = Core.baseline();
    private static final String MILAN = "fixture:sev-snp/milan-v3";
    private static final String DEBUG = "fixture:sev-snp/debug-allowed";

    private static PolicyTest test(String caseName, TrustTier status, Map<String, String> rules) {
        return new PolicyTest(
                "a test", caseName, Optional.empty(), Map.of(), List.of(), status, Optional.empty(), rules, 7);
    }

    private static PolicyTest token(String caseName, TokenExpectation token) {
        return new PolicyTest(
                "a test",
                caseName,
                Optional.empty(),
                Map.of(),
                List.of(),
                TrustTier.AFFIRMING,
                Optional.of(token),
                Map.of(),
                7);
    }

    private static TestResult run(PolicyTest test) {
        return PolicyTests.run(BASELINE, List.of(test), SHIPPED).getFirst();
    }

    private static String differences(PolicyTest test) {
        return String.join(
                "\n", assertInstanceOf(TestResult.Differs.class, run(test)).differences());
    }

    @Test
    void aTestIsMetWhenStatusAndRulesAreAsExpected() {
        assertInstanceOf(
                TestResult.Met.class,
                run(test(MILAN, TrustTier.AFFIRMING, Map.of("guest cannot be debugged", "passed"))));
        assertInstanceOf(
                TestResult.Met.class,
                run(test(DEBUG, TrustTier.CONTRAINDICATED, Map.of("guest cannot be debugged", "failed"))));
    }

    @Test
    void anotherStatusIsSaidWithTheRuleThatFailed() {
        String said = differences(test(DEBUG, TrustTier.AFFIRMING, Map.of()));
        assertTrue(said.startsWith("expected the status affirming, came out contraindicated"), said);
        assertTrue(said.contains("the rule \"guest cannot be debugged\" on cpu0 failed: expected"), said);
    }

    @Test
    void anotherStatusIsSaidWithTheCheckThatFailed() {
        String said = differences(test("fixture:sev-snp/signed-by-another-key", TrustTier.AFFIRMING, Map.of()));
        assertTrue(said.contains("snp.report-signature of cpu0 failed: expected"), said);
    }

    @Test
    void anotherOutcomeOfARuleIsSaidWithItsReason() {
        String said = differences(test(DEBUG, TrustTier.CONTRAINDICATED, Map.of("guest cannot be debugged", "passed")));
        assertTrue(
                said.startsWith(
                        "expected the rule \"guest cannot be debugged\" to have passed, came out failed: on cpu0"),
                said);
    }

    @Test
    void aRuleThatIsNotEvaluatedIsSaidWithThoseThatAre() {
        String said = differences(test(MILAN, TrustTier.AFFIRMING, Map.of("no such rule", "passed")));
        assertTrue(said.contains("no rule of that name") && said.contains("guest cannot be debugged"), said);
    }

    @Test
    void aTokenThatIsRefusedIsSaidWithTheReason() {
        assertInstanceOf(TestResult.Met.class, run(token(MILAN, TokenExpectation.REFUSED)));
        String said = differences(token(MILAN, TokenExpectation.ALLOWED));
        assertTrue(said.contains("expected that a token is allowed, but it is refused"), said);
        assertTrue(said.contains("pins no workload"), said);
    }

    @Test
    void aTestMayJudgeAsOfAnotherTime() {
        var later = new PolicyTest(
                "a test",
                MILAN,
                Optional.of(Instant.parse("2090-01-01T00:00:00Z")),
                Map.of(),
                List.of(),
                TrustTier.AFFIRMING,
                Optional.empty(),
                Map.of(),
                7);
        assertTrue(differences(later).contains("snp."), differences(later));
    }

    @Test
    void aTestThatCannotRunIsBrokenAndNeverMet() {
        var missing =
                assertInstanceOf(TestResult.Broken.class, run(test("fixture:none", TrustTier.AFFIRMING, Map.of())));
        assertTrue(missing.why().contains("fixture:"), missing.why());
        CaseSource failing = _ -> {
            throw new IllegalStateException("a bug");
        };
        TestResult bug = PolicyTests.run(BASELINE, List.of(test(MILAN, TrustTier.AFFIRMING, Map.of())), failing)
                .getFirst();
        assertTrue(assertInstanceOf(TestResult.Broken.class, bug).why().contains("a bug"));
    }

    @Test
    void aCaseIsReadOnceForAllTests() {
        var asked = new AtomicInteger();
        CaseSource counting = name -> {
            asked.incrementAndGet();
            return SHIPPED.find(name);
        };
        var results = PolicyTests.run(
                BASELINE,
                List.of(
                        test(MILAN, TrustTier.AFFIRMING, Map.of()),
                        test(MILAN, TrustTier.WARNING, Map.of()),
                        test(MILAN, TrustTier.AFFIRMING, Map.of())),
                counting);
        assertEquals(1, asked.get());
        assertInstanceOf(TestResult.Met.class, results.getFirst());
        assertInstanceOf(TestResult.Differs.class, results.get(1));
        assertInstanceOf(TestResult.Met.class, results.getLast());
    }
}
