package io.countersign.service.ops;

import io.countersign.service.appraisal.Bystander;
import io.countersign.verifier.check.Check;
import io.countersign.verifier.check.CheckReport;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.result.Appraisal;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.result.PolicyIdentity;
import io.countersign.verifier.result.RuleResult;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Counts verdicts, the checks and rules behind them, and tokens; no machine can be told from it. */
public final class VerdictMetrics implements Bystander {
    /** Whoever sends a draft names it and its rules as he likes. */
    private static final String DRAFT = "(draft)";

    private final LabelledCounters verdicts;
    private final LabelledCounters checks;
    private final LabelledCounters rules;
    private final LabelledCounters tokens;

    public VerdictMetrics(MeterRegistry registry) {
        verdicts = new LabelledCounters(
                registry,
                "countersign.verdicts",
                "verdicts by what was asked, policy, evidence types and status",
                List.of("kind", "policy", "tee", "status"),
                Set.of("policy"));
        checks = new LabelledCounters(
                registry,
                "countersign.checks",
                "how checks ended, for each device of each verdict",
                List.of("code", "outcome"),
                Set.of());
        rules = new LabelledCounters(
                registry,
                "countersign.rules",
                "rules of policies that did not pass",
                List.of("policy", "rule", "outcome"),
                Set.of("policy", "rule"));
        tokens = new LabelledCounters(
                registry,
                "countersign.tokens",
                "tokens that were made",
                List.of("audience", "policy"),
                Set.of("audience", "policy"));
    }

    @Override
    public void judged(Judged judged) {
        AttestationResult result = judged.result();
        boolean draft = judged.request().policySource().isPresent();
        String policy = draft ? DRAFT : result.policy().id();
        verdicts.count(List.of(
                word(judged.occasion()), policy, types(result), result.status().word()));
        count(result.compositeChecks());
        result.submodules().forEach(each -> count(each.authentication().report()));
        for (RuleResult rule : result.rules()) {
            if (!(rule.outcome() instanceof Outcome.Passed)) {
                rules.count(List.of(
                        policy, draft ? DRAFT : rule.name(), rule.outcome().word()));
            }
        }
    }

    @Override
    public void countersigned(String audience, PolicyIdentity policy) {
        tokens.count(List.of(audience, policy.id()));
    }

    private void count(CheckReport report) {
        for (Check check : report.checks()) {
            checks.count(List.of(check.id().code(), check.outcome().word()));
        }
    }

    /** Each type of evidence once, the CPU's first: {@code sev-snp+nvidia-gpu}. */
    private static String types(AttestationResult result) {
        return result.submodules().stream().map(Appraisal::type).distinct().collect(Collectors.joining("+"));
    }

    private static String word(Occasion occasion) {
        return switch (occasion) {
            case ATTESTATION -> "attestation";
            case APPRAISAL -> "appraisal";
        };
    }
}
