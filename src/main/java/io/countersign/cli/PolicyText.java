package io.countersign.cli;

import io.countersign.cli.Terminal.Tone;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.policy.Advisory;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.ClaimVocabulary;
import io.countersign.verifier.policy.Expectations.Count;
import io.countersign.verifier.policy.FloorTable;
import io.countersign.verifier.policy.Freshness;
import io.countersign.verifier.policy.ReferenceSet;
import io.countersign.verifier.policy.Rule;
import io.countersign.verifier.result.AttestationResult.Workload;
import io.countersign.verifier.result.TrustTier;
import io.countersign.verifier.trust.Tolerances;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a policy demands, with everything that it draws in, in words. */
final class PolicyText {
    private final Terminal terminal;
    private final AppraisalPolicy policy;
    private final Instant at;

    PolicyText(Terminal terminal, AppraisalPolicy policy, Instant at) {
        this.terminal = terminal;
        this.policy = policy;
        this.at = at;
    }

    void print() {
        terminal.line(terminal.in(Tone.HEADING, policy.identity().id()) + ", version "
                + policy.identity().version() + "  "
                + terminal.in(Tone.QUIET, policy.identity().digestText()));
        terminal.indented(2, policy.summary());
        heading("Expects");
        terminal.line("  cpu       one of "
                + String.join(", ", new TreeSet<>(policy.expectations().cpuTypes())));
        terminal.line("  gpu       " + words(policy.expectations().gpus()));
        terminal.line("  nvswitch  " + words(policy.expectations().nvswitches()));
        terminal.line("  binding   "
                + words(policy.bindings().stream().map(BindingMethod::word).toList()));
        terminal.line("  freshness "
                + words(policy.freshness().stream().map(Freshness::word).toList()));
        terminal.line("  key       " + policy.key().word());
        heading("Lets a token be made");
        terminal.line("  " + token());
        tolerances(policy.tolerances());
        heading("Demands");
        List<Rule> asked =
                policy.rules().stream().filter(rule -> admits(rule.scope())).toList();
        asked.forEach(this::rule);
        int leftOut = policy.rules().size() - asked.size();
        if (leftOut > 0) {
            terminal.line(
                    "  " + terminal.in(Tone.QUIET, "and %d for evidence that is not admitted".formatted(leftOut)));
        }
        List<Advisory> said = policy.advisories().stream()
                .filter(advisory -> admits(advisory.scope()))
                .toList();
        if (!said.isEmpty()) {
            heading("Says beside the verdict");
            said.forEach(this::advisory);
        }
        if (!policy.references().isEmpty() || !policy.floors().isEmpty()) {
            heading("Compares with");
            policy.references().values().forEach(this::references);
            policy.floors().values().forEach(this::floors);
        }
    }

    /** Whether evidence that the policy admits is in that scope. */
    private boolean admits(ClaimVocabulary.Scope scope) {
        return switch (scope.deviceClass()) {
            case CPU ->
                !Collections.disjoint(scope.types(), policy.expectations().cpuTypes());
            case GPU -> policy.expectations().gpus().max() > 0;
            case NVSWITCH -> policy.expectations().nvswitches().max() > 0;
        };
    }

    private void heading(String text) {
        terminal.line("");
        terminal.line(terminal.in(Tone.HEADING, text));
    }

    private static String words(Count count) {
        return count.min() == count.max() ? String.valueOf(count.min()) : count.min() + " to " + count.max();
    }

    private static String words(List<String> words) {
        return words.stream().sorted().collect(Collectors.joining(" or "));
    }

    private String token() {
        String statuses =
                policy.mintable().stream().sorted().map(TrustTier::word).collect(Collectors.joining(" or "));
        return switch (policy.workload(at)) {
            case Workload.Pinned _ ->
                "when the status is " + statuses + " and every rule is met; the workload is pinned";
            case Workload.AnyBecause(String reason) ->
                "when the status is " + statuses + " and every rule is met, whatever runs there: " + reason;
            case Workload.NotPinned _ ->
                policy.shadowOf()
                        .map(active -> "never: it only counts beside " + active)
                        .orElse("never: no rule pins what may run; extend it with a policy that does");
        };
    }

    private void tolerances(Tolerances tolerances) {
        var lines = new ArrayList<String>();
        if (!tolerances.staleCrl().isZero()) {
            lines.add(
                    "revocation lists of the service's own, for " + words(tolerances.staleCrl()) + " after their end");
        }
        tolerances.waivers().forEach((check, because) -> lines.add(check + " need not be determined: " + because));
        tolerances.tcbStatuses().forEach((status, because) -> lines.add("TCB status " + status + ": " + because));
        tolerances.certificateHold().ifPresent(because -> lines.add("signers of NVIDIA's RIMs on hold: " + because));
        lines.add("OCSP answers up to " + words(tolerances.ocspMaxAge()) + " after they were produced");
        heading("Tolerates");
        lines.forEach(line -> terminal.line("  " + line));
    }

    private static String words(Duration duration) {
        return duration.toHours() >= 48 && duration.toHours() % 24 == 0
                ? duration.toDays() + " days"
                : duration.toMinutes() % 60 == 0 ? duration.toHours() + " hours" : duration.toMinutes() + " minutes";
    }

    private void rule(Rule rule) {
        terminal.line("  " + rule.name()
                + terminal.in(Tone.QUIET, "  " + tail(rule.scope().word(), rule.origin())));
        terminal.indented(6, rule.require());
        terminal.indented(6, terminal.in(Tone.QUIET, rule.because()));
    }

    private String tail(String scope, String origin) {
        return origin.equals(policy.identity().id()) ? scope : scope + ", from " + origin;
    }

    private void advisory(Advisory advisory) {
        terminal.line("  " + advisory.name()
                + terminal.in(Tone.QUIET, "  " + tail(advisory.scope().word(), advisory.origin())));
        terminal.indented(6, "when " + advisory.when());
        terminal.indented(6, terminal.in(Tone.QUIET, advisory.because()));
    }

    private void references(ReferenceSet set) {
        String live = set.liveAt(at) ? "" : terminal.in(Tone.BAD, "  EXPIRED");
        terminal.line("  references.%s  %d of %s%s%s"
                .formatted(
                        set.name(),
                        set.values().size(),
                        set.claim(),
                        set.expires().map(end -> ", until " + end).orElse(""),
                        live));
        terminal.indented(6, terminal.in(Tone.QUIET, set.note() + (set.owner().isEmpty() ? "" : "; " + set.owner())));
    }

    private void floors(FloorTable table) {
        terminal.line("  floors.%s  %s, reviewed %s".formatted(table.name(), table.bulletin(), table.reviewed()));
        table.rows()
                .forEach(row -> terminal.line("      %s: at least %s"
                        .formatted(
                                row.match().entrySet().stream()
                                        .map(entry -> entry.getKey() + " " + entry.getValue())
                                        .collect(Collectors.joining(", ")),
                                row.atLeast().entrySet().stream()
                                        .map(entry -> entry.getKey() + " " + entry.getValue())
                                        .collect(Collectors.joining(", ")))));
    }
}
