package io.countersign.cli;

import io.countersign.cli.Terminal.Tone;
import io.countersign.verifier.check.Check;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.result.Appraisal;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.result.AttestationResult.Workload;
import io.countersign.verifier.result.RuleResult;
import io.countersign.verifier.result.TrustTier;
import java.util.List;
import java.util.stream.Collectors;

/** A result for people: the verdict first, then what stands in its way, then what passed. */
final class ResultText {
    private final Terminal terminal;

    ResultText(Terminal terminal) {
        this.terminal = terminal;
    }

    void print(String name, AttestationResult result) {
        terminal.line(terminal.in(tone(result.status()), result.status().word())
                + "  %s under %s, version %s, as of %s"
                        .formatted(name, result.policy().id(), result.policy().version(), result.evaluatedAt()));
        terminal.line(
                "  " + (result.favourable() ? "a token could be made" : "no token could be made" + unpinned(result)));
        print("over all devices", result.compositeChecks().checks());
        List<String> labels = result.submodules().stream().map(Appraisal::label).toList();
        Alike.grouped(result.submodules(), ResultText::whatIsSaid).forEach(alike -> {
            Appraisal first = alike.getFirst();
            print(
                    "%s (%s), %s, %s"
                            .formatted(
                                    Alike.named(
                                            alike.stream().map(Appraisal::label).toList(), labels),
                                    first.type(),
                                    first.authentication().authenticity().word(),
                                    first.status().word()),
                    first.authentication().report().checks());
        });
        terminal.line("");
        terminal.line(terminal.in(Tone.HEADING, "rules"));
        var text = new RuleText(terminal.colours());
        List<RuleResult> rules = Alike.grouped(result.rules(), ResultText::whatIsSaid).stream()
                .map(alike -> together(alike, labels))
                .toList();
        rules.stream()
                .filter(rule -> !rule.outcome().admits())
                .flatMap(rule -> text.lines(rule).stream())
                .forEach(this::line);
        rules.stream()
                .filter(rule -> rule.outcome().admits())
                .flatMap(rule -> text.lines(rule).stream())
                .forEach(this::line);
        if (!result.advisories().isEmpty()) {
            terminal.line("");
            terminal.line(terminal.in(Tone.HEADING, "to know beside it"));
            result.advisories().stream()
                    .flatMap(advisory -> text.lines(advisory).stream())
                    .forEach(this::line);
        }
    }

    /** Why not, where nothing below would say it. */
    private static String unpinned(AttestationResult result) {
        return result.workload() instanceof Workload.NotPinned ? ": no rule pins what may run" : "";
    }

    /** Devices of which the same would be printed. */
    private static Object whatIsSaid(Appraisal appraisal) {
        return List.of(
                appraisal.type(),
                appraisal.authentication().authenticity(),
                appraisal.status(),
                appraisal.authentication().report().checks().stream()
                        .map(check -> List.of(
                                check.id().code(),
                                check.outcome() instanceof Outcome.Passed ? "passed" : check.outcome()))
                        .toList());
    }

    private static Object whatIsSaid(RuleResult rule) {
        return List.of(rule.name(), rule.outcome() instanceof Outcome.Passed ? "passed" : rule.outcome());
    }

    private static RuleResult together(List<RuleResult> alike, List<String> labels) {
        RuleResult first = alike.getFirst();
        return new RuleResult(
                first.name(),
                Alike.named(alike.stream().map(RuleResult::submodule).toList(), labels),
                first.outcome(),
                first.because(),
                first.origin(),
                first.saw());
    }

    private void line(String text) {
        terminal.line("  " + text);
    }

    private void detail(String label, String text) {
        terminal.line(" ".repeat(15) + "%-10s".formatted(label) + RuleText.plain(text));
    }

    private static Tone tone(TrustTier status) {
        return switch (status) {
            case AFFIRMING -> Tone.GOOD;
            case WARNING, NONE -> Tone.DOUBTFUL;
            case CONTRAINDICATED -> Tone.BAD;
        };
    }

    private void print(String heading, List<Check> checks) {
        terminal.line("");
        terminal.line(terminal.in(Tone.HEADING, heading));
        String passed = checks.stream()
                .filter(check -> check.outcome() instanceof Outcome.Passed)
                .map(check -> check.id().code())
                .collect(Collectors.joining(", "));
        for (Check check : checks) {
            if (check.outcome() instanceof Outcome.Passed) {
                continue;
            }
            Outcome outcome = check.outcome();
            Tone tone = outcome.admits() ? Tone.GOOD : outcome instanceof Outcome.Failed ? Tone.BAD : Tone.DOUBTFUL;
            terminal.line("  " + terminal.in(tone, "%-13s".formatted(outcome.word()))
                    + check.id().code());
            switch (outcome) {
                case Outcome.Passed _, Outcome.NotReached _ -> {}
                case Outcome.Waived(var _, var reason) -> detail("because", reason);
                case Outcome.Failed(var expected, var actual, var hint) -> {
                    detail("expected", expected);
                    detail("found", actual);
                    detail("do", hint);
                }
                case Outcome.Undetermined(var missing, var _, var hint) -> {
                    detail("missing", missing);
                    detail("do", hint);
                }
            }
        }
        if (!passed.isEmpty()) {
            List<String> lines = RuleText.wrapped(" ".repeat(15), passed);
            terminal.line("  " + terminal.in(Tone.GOOD, "%-13s".formatted("passed"))
                    + lines.getFirst().strip());
            lines.stream().skip(1).forEach(terminal::line);
        }
    }
}
