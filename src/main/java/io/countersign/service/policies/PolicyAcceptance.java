package io.countersign.service.policies;

import io.countersign.cases.CaseSource;
import io.countersign.trial.PolicyTests;
import io.countersign.trial.TestResult;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyIssue;
import io.countersign.verifier.policy.PolicyParser;
import io.countersign.verifier.policy.PolicyTest;
import io.countersign.verifier.result.PolicyIdentity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A policy of the folder is accepted when its own tests are met. The tests of the shipped policies are run when the program
 * is built. What was found is kept as long as policy, text and cases stay the same.
 */
final class PolicyAcceptance implements PolicyParser.Acceptance {
    private final Function<String, CaseSource> cases;
    private Map<Key, List<PolicyIssue>> known = Map.of();
    private Map<Key, List<PolicyIssue>> current = new HashMap<>();
    private Map<String, String> marks = Map.of();

    /** Everything that tests depend on; the tests themselves are no part of a policy's digest, so the text is here. */
    private record Key(String file, PolicyIdentity identity, String source, Map<String, String> marks) {}

    /**
     * Runs tests with these cases.
     *
     * @param cases by the file of the policy that names them
     */
    PolicyAcceptance(Function<String, CaseSource> cases) {
        this.cases = cases;
    }

    /** From here on the cases are those with these marks. */
    void begin(Map<String, String> caseMarks) {
        known = current;
        current = new HashMap<>();
        marks = caseMarks;
    }

    @Override
    public List<PolicyIssue> objections(String file, AppraisalPolicy policy) {
        if (ShippedPolicies.isOne(file) || policy.tests().isEmpty()) {
            return List.of();
        }
        var key = new Key(file, policy.identity(), policy.source(), marks);
        List<PolicyIssue> found = Optional.ofNullable(current.get(key))
                .or(() -> Optional.ofNullable(known.get(key)))
                .orElseGet(() -> run(file, policy));
        current.put(key, found);
        return found;
    }

    private List<PolicyIssue> run(String file, AppraisalPolicy policy) {
        return PolicyTests.run(policy, cases.apply(file)).stream()
                .flatMap(result -> objection(file, policy, result))
                .toList();
    }

    static Stream<PolicyIssue> objection(String file, AppraisalPolicy policy, TestResult result) {
        return switch (result) {
            case TestResult.Met _ -> Stream.empty();
            case TestResult.Differs(PolicyTest test, List<String> differences) ->
                Stream.of(issue(
                        file,
                        policy,
                        test,
                        "the test \"%s\" fails: %s".formatted(test.name(), String.join("; ", differences)),
                        "mend the rule, or the test if that is what should come out; countersign policy test runs it"));
            case TestResult.Broken(PolicyTest test, String why) ->
                Stream.of(issue(
                        file,
                        policy,
                        test,
                        "the test \"%s\" cannot be run: %s".formatted(test.name(), why),
                        "a test that cannot be run does not count as met"));
        };
    }

    private static PolicyIssue issue(
            String file, AppraisalPolicy policy, PolicyTest test, String message, String suggestion) {
        String line = policy.source()
                .lines()
                .skip(Math.max(0, test.line() - 1))
                .findFirst()
                .orElse("");
        return FileIssues.error(file, Math.max(1, test.line()), message, suggestion, line);
    }
}
