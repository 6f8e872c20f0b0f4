package io.countersign.trial;

import io.countersign.trial.Forecast.Reason;
import io.countersign.verifier.check.Check;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyTrial;
import io.countersign.verifier.result.AttestationResult.Workload;
import io.countersign.verifier.result.RuleResult;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** Why a verdict is as it is, in a sentence or two. */
final class Reasons {
    private static final int MOST = 3;
    private static final String TCB = "tdx.tcb";

    private final AppraisalPolicy policy;
    private final Instant at;
    private final PolicyTrial.TrialVerdict verdict;
    private final Map<String, Authentication> byLabel;

    Reasons(AppraisalPolicy policy, Instant at, PolicyTrial.TrialVerdict verdict, Map<String, Authentication> byLabel) {
        this.policy = policy;
        this.at = at;
        this.verdict = verdict;
        this.byLabel = byLabel;
    }

    /** Everything in the way, each once in full and once without what evidence says of the machine. */
    List<Reason> all() {
        Stream<Reason> checks =
                openChecks((label, check) -> new Reason(discreet(label, check), sentence(label, check)));
        Stream<Reason> rules = openRules(rule -> new Reason(discreet(rule), sentence(rule)));
        List<Reason> all = Stream.concat(checks, rules).distinct().toList();
        return all.isEmpty() ? List.of(Reason.of("no token may be made" + ofToken())) : all;
    }

    /** Intel's verdict on a TCB is made of its own words and numbers; of other checks the code says enough. */
    private static String discreet(String label, Check check) {
        return check.id().code().equals(TCB)
                ? sentence(label, check)
                : "%s of %s %s"
                        .formatted(check.id().code(), label, check.outcome().word());
    }

    /** What a rule found may be the name of a machine; a level of firmware, or what it lacks, is not. */
    private static String discreet(RuleResult rule) {
        boolean levels = rule.saw().keySet().stream()
                .allMatch(name -> name.startsWith("floors.") || name.contains("_tcb.") || name.endsWith("tcb_status"));
        return rule.outcome() instanceof Outcome.Failed && !levels
                ? "the rule \"%s\" %sfailed".formatted(rule.name(), place(rule.submodule()))
                : sentence(rule);
    }

    String ofStatus() {
        return listed(obstacles(), "; every rule is met, and so is every check of a device");
    }

    String ofToken() {
        String otherwise =
                switch (policy.workload(at)) {
                    case Workload.NotPinned _ -> "; the policy pins no workload, so it lets no token be made";
                    case Workload.Pinned _, Workload.AnyBecause _ ->
                        "; every rule is met, and so is every check of a device";
                };
        return listed(obstacles(), otherwise);
    }

    String ofRule(String name) {
        return listed(
                verdict.rules().stream()
                        .filter(rule ->
                                rule.name().equals(name) && !rule.outcome().admits())
                        .map(rule -> place(rule.submodule()) + why(rule.outcome()))
                        .toList(),
                "");
    }

    /** Checks first: rules that rest on evidence that is not genuine say nothing of their own. */
    private List<String> obstacles() {
        return Stream.concat(openChecks(Reasons::sentence), openRules(Reasons::sentence))
                .toList();
    }

    private <T> Stream<T> openChecks(BiFunction<String, Check, T> words) {
        return byLabel.entrySet().stream().flatMap(device -> device.getValue().report().checks().stream()
                .filter(check -> !check.outcome().admits()
                        && !check.isLeftOut()
                        && !(check.outcome() instanceof Outcome.NotReached))
                .map(check -> words.apply(device.getKey(), check)));
    }

    private <T> Stream<T> openRules(Function<RuleResult, T> words) {
        return verdict.rules().stream()
                .filter(rule -> !rule.outcome().admits() && !(rule.outcome() instanceof Outcome.NotReached))
                .map(words);
    }

    static String sentence(String label, Check check) {
        return "%s of %s %s".formatted(check.id().code(), label, why(check.outcome()));
    }

    private static String sentence(RuleResult rule) {
        return "the rule \"%s\" %s%s".formatted(rule.name(), place(rule.submodule()), why(rule.outcome()));
    }

    private static String place(String submodule) {
        return submodule.isEmpty() ? "" : "on " + submodule + " ";
    }

    private static String why(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Failed(String expected, String actual, String hint) ->
                "failed: expected %s, found %s%s".formatted(expected, actual, hint.isEmpty() ? "" : " (" + hint + ")");
            case Outcome.Undetermined(String missing, Outcome.Cause _, String _) ->
                "is undetermined for want of " + missing;
            case Outcome.NotReached(var blockedBy) -> "was not reached because of " + blockedBy.code();
            case Outcome.Passed _, Outcome.Waived _ -> outcome.word();
        };
    }

    private static String listed(List<String> reasons, String otherwise) {
        if (reasons.isEmpty()) {
            return otherwise;
        }
        String first = String.join("; ", reasons.subList(0, Math.min(MOST, reasons.size())));
        int more = reasons.size() - MOST;
        return ": " + first + (more > 0 ? "; and %d more".formatted(more) : "");
    }
}
