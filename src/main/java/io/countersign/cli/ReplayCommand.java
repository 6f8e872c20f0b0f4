package io.countersign.cli;

import io.countersign.cases.CaseReader;
import io.countersign.cli.Terminal.Tone;
import io.countersign.trial.CaseFile;
import io.countersign.trial.Replay;
import io.countersign.trial.ReplayBounds;
import io.countersign.trial.ReplayReport;
import io.countersign.trial.ReplayReport.RuleCounts;
import io.countersign.trial.Yardstick;
import io.countersign.verifier.policy.AppraisalPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code policy replay}: who would newly be refused or admitted. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Says who would newly be refused or admitted.",
            "Judges recorded cases by a draft and by the policy that is to be replaced, as of when each was recorded, and counts rule by rule. Nothing is fetched."
        })
final class ReplayCommand implements Callable<Integer> {
    @Parameters(paramLabel = "<draft>", description = "The policy to try: a file, or the id of a shipped one.")
    private String draft = "";

    @Option(names = "--cases", required = true, paramLabel = "<folder>", description = "Recorded cases (*.json).")
    private Path cases = Path.of("");

    @Option(
            names = "--against",
            required = true,
            paramLabel = "<policy>",
            description = "The policy in force: a file, or the id of a shipped one.")
    private String against = "";

    @Option(
            names = "--all",
            description = "Count cases that another policy judged too, not only those of the policy in force.")
    private boolean all;

    @Option(
            names = "--fail-on",
            paramLabel = "<what>",
            description =
                    "End with 1 when somebody is newly refused, newly admitted, or either (refused, admitted, any).")
    private @Nullable Failing failing;

    @Option(names = "--json", description = "The same as JSON.")
    private boolean json;

    @Mixin
    private Anchors anchors = new Anchors();

    /** What ends with 1. */
    enum Failing {
        REFUSED,
        ADMITTED,
        ANY
    }

    @Override
    public Integer call() throws CommandException, InterruptedException {
        Court court = anchors.court();
        var workspace = new Workspace(court);
        AppraisalPolicy before = Workspace.usable(workspace.policy(against));
        AppraisalPolicy after = Workspace.usable(workspace.policy(draft));
        Instant began = Instant.now();
        ReplayReport report;
        try (Stream<Path> files = Files.list(cases)) {
            report = Replay.run(
                    files.filter(file -> file.toString().endsWith(".json"))
                            .sorted()
                            .map(CaseFile::of),
                    new CaseReader(court.schemes()),
                    before,
                    after,
                    all ? ReplayBounds.usual().with(ReplayBounds.Scope.ALL) : ReplayBounds.usual());
        } catch (IOException e) {
            throw FileTrouble.reading(cases, e);
        }
        var terminal = Terminal.of(System.out);
        if (json) {
            terminal.json(report.document());
        } else {
            print(terminal, report, Duration.between(began, Instant.now()));
        }
        if (report.judged() == 0) {
            return Main.FOUND;
        }
        boolean failed = failing != null
                && switch (failing) {
                    case REFUSED -> report.newlyRefused() > 0;
                    case ADMITTED -> report.newlyAdmitted() > 0;
                    case ANY -> report.newlyRefused() + report.newlyAdmitted() > 0;
                };
        return failed ? Main.FOUND : Main.FINE;
    }

    private static void print(Terminal terminal, ReplayReport report, Duration took) {
        terminal.line("%s cases judged in %.1f s%s%s"
                .formatted(
                        number(report.judged()),
                        took.toMillis() / 1000.0,
                        also(report.ofAnotherPolicy(), "of other policies left aside"),
                        also(report.unreadable(), "could not be read")));
        if (report.judged() == 0) {
            examples(terminal, Tone.DOUBTFUL, "Could not be read", report.unreadable(), report.unreadableExamples());
            terminal.line("");
            terminal.line(terminal.in(
                    Tone.BAD,
                    report.ofAnotherPolicy() > 0
                            ? "No case was judged, so nothing is known. With --all, cases of other policies count too."
                            : "No case was judged, so nothing is known."));
            return;
        }
        terminal.line("admitted means: "
                + report.yardsticks().stream().map(Yardstick::words).sorted().collect(Collectors.joining("; or: ")));
        terminal.line("");
        terminal.line("                 %15s %15s".formatted("now admitted", "now refused"));
        terminal.line(
                "before admitted  %15s %15s".formatted(number(report.admittedByBoth()), number(report.newlyRefused())));
        terminal.line(
                "before refused   %15s %15s".formatted(number(report.newlyAdmitted()), number(report.refusedByBoth())));
        examples(terminal, Tone.BAD, "Newly refused", report.newlyRefused(), report.newlyRefusedExamples());
        if (report.refusedByNoRule() > 0) {
            terminal.line("  %s of them although every rule is met: by a check, or because no token may be made"
                    .formatted(number(report.refusedByNoRule())));
        }
        examples(terminal, Tone.DOUBTFUL, "Newly admitted", report.newlyAdmitted(), report.newlyAdmittedExamples());
        if (!report.rules().isEmpty()) {
            terminal.line("");
            terminal.line(terminal.in(Tone.HEADING, "Rules that end otherwise"));
            report.rules().forEach(rule -> {
                terminal.line("  " + rule.name());
                terminal.line("      " + words(rule.counts()));
            });
        }
        examples(terminal, Tone.DOUBTFUL, "Could not be read", report.unreadable(), report.unreadableExamples());
        if (report.otherThanRecorded() > 0) {
            terminal.line("");
            terminal.line(terminal.in(
                    Tone.DOUBTFUL,
                    "%s cases are judged otherwise today by the very policy that judged them when they were recorded: other anchors, or another version of this program"
                            .formatted(number(report.otherThanRecorded()))));
        }
    }

    private static String words(RuleCounts counts) {
        var parts = new LinkedHashMap<String, Long>();
        parts.put("newly failing", counts.newlyFailing());
        parts.put("newly undetermined", counts.newlyUndetermined());
        parts.put("newly met", counts.newlyMet());
        parts.put("no longer asked", counts.noLongerAsked());
        parts.put("alone refuse", counts.decides());
        parts.put("alone stood in the way", counts.releases());
        return parts.entrySet().stream()
                .filter(part -> part.getValue() > 0)
                .map(part -> number(part.getValue()) + " " + part.getKey())
                .collect(Collectors.joining(", "));
    }

    private static void examples(Terminal terminal, Tone tone, String what, long count, List<String> examples) {
        if (count == 0) {
            return;
        }
        terminal.line("");
        terminal.line(terminal.in(tone, what + ": " + number(count)));
        examples.forEach(example -> terminal.line("  " + example));
        if (count > examples.size()) {
            terminal.line("  and %s more".formatted(number(count - examples.size())));
        }
    }

    private static String also(long count, String what) {
        return count == 0 ? "" : ", " + number(count) + " " + what;
    }

    private static String number(long count) {
        return "%,d".formatted(count);
    }
}
