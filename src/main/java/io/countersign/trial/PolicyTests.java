package io.countersign.trial;

import io.countersign.cases.Case;
import io.countersign.cases.CaseException;
import io.countersign.cases.CaseSource;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyTest;
import io.countersign.verifier.policy.PolicyTrial;
import io.countersign.verifier.policy.TrialException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs the tests that stand in a policy. */
public final class PolicyTests {
    /** Tests mostly share a few cases; each of a hundred could have its own of 4 MiB. */
    private static final int MOST_HELD = 8;

    private final AppraisalPolicy policy;
    private final CaseSource cases;
    private final Map<String, Case> found = new HashMap<>();
    private final Map<Judged, Map<String, Authentication>> authenticated = new HashMap<>();

    /** All that authenticating a case rests on, beside the tolerances of the one policy. */
    private record Judged(String caseName, Instant at) {}

    private PolicyTests(AppraisalPolicy policy, CaseSource cases) {
        this.policy = policy;
        this.cases = cases;
    }

    /** Every test's result, in the order of the file. */
    public static List<TestResult> run(AppraisalPolicy policy, CaseSource cases) {
        return run(policy, policy.tests(), cases);
    }

    /** The results of tests that need not stand in the policy's own file. */
    public static List<TestResult> run(AppraisalPolicy policy, List<PolicyTest> tests, CaseSource cases) {
        var running = new PolicyTests(policy, cases);
        return tests.stream().map(running::run).toList();
    }

    private TestResult run(PolicyTest test) {
        try {
            Case judged = find(test.caseName());
            Instant at = test.at().orElse(judged.at());
            Map<String, Authentication> byLabel = authenticate(test.caseName(), judged, at);
            PolicyTrial.TrialVerdict verdict = PolicyTrial.judge(
                    policy,
                    judged.evidence(),
                    byLabel,
                    judged.binding(),
                    at,
                    new PolicyTrial.Overrides(test.with(), test.without()));
            List<String> differences = differences(test, verdict, new Reasons(policy, at, verdict, byLabel));
            return differences.isEmpty() ? new TestResult.Met(test) : new TestResult.Differs(test, differences);
        } catch (CaseException | TrialException e) {
            return new TestResult.Broken(test, String.valueOf(e.getMessage()));
        } catch (RuntimeException | StackOverflowError e) {
            // Ours to repair; the tests beside it still run.
            return new TestResult.Broken(
                    test,
                    "the test ended in an error of this program (%s: %s); please report it with the case"
                            .formatted(e.getClass().getSimpleName(), e.getMessage()));
        }
    }

    private Case find(String name) throws CaseException {
        Case known = found.get(name);
        if (known != null) {
            return known;
        }
        Case fresh = cases.find(name);
        if (found.size() == MOST_HELD) {
            found.clear();
            authenticated.clear();
        }
        found.put(name, fresh);
        return fresh;
    }

    private Map<String, Authentication> authenticate(String name, Case judged, Instant at) {
        return authenticated.computeIfAbsent(
                new Judged(name, at), _ -> Authenticating.of(judged, policy.tolerances(), at));
    }

    private static List<String> differences(PolicyTest test, PolicyTrial.TrialVerdict verdict, Reasons reasons) {
        var differences = new ArrayList<String>();
        if (verdict.status() != test.status()) {
            differences.add("expected the status %s, came out %s%s"
                    .formatted(test.status().word(), verdict.status().word(), reasons.ofStatus()));
        }
        Optional<PolicyTest.TokenExpectation> token = test.token().filter(expected -> expected != verdict.token());
        // The same obstacles are told once.
        String why = differences.isEmpty() ? reasons.ofToken() : "";
        token.ifPresent(expected -> differences.add("expected that a token is %s, but it is %s%s"
                .formatted(expected.word(), verdict.token().word(), why)));
        test.rules().forEach((name, word) -> {
            Optional<String> came = RuleWords.worst(name, verdict.rules());
            if (came.isEmpty()) {
                differences.add(
                        "expected the rule \"%s\" to have %s, but no rule of that name is evaluated on this case; those that are: %s"
                                .formatted(name, word, String.join(", ", RuleWords.names(verdict.rules()))));
            } else if (!came.get().equals(word)) {
                differences.add("expected the rule \"%s\" to have %s, came out %s%s"
                        .formatted(name, word, came.get(), reasons.ofRule(name)));
            }
        });
        return differences;
    }
}
