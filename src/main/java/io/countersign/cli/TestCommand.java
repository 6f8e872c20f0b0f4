package io.countersign.cli;

import io.countersign.cli.Terminal.Tone;
import io.countersign.trial.PolicyTests;
import io.countersign.trial.TestResult;
import io.countersign.verifier.policy.PolicyReading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code policy test}: runs the tests that stand in policies. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description = "Runs the tests that stand in policies. Ends with 1 when one is not met, and when there is none.")
final class TestCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "<file>", description = "Files, folders, or ids of shipped policies.")
    private List<String> arguments = new ArrayList<>();

    @Option(names = "--json", description = "The same as JSON.")
    private boolean json;

    @Mixin
    private Anchors anchors = new Anchors();

    /** How the tests of one file ended; a file that is refused has none. */
    private record Run(String file, PolicyReading reading, List<TestResult> results) {
        boolean refused() {
            return reading instanceof PolicyReading.Refused;
        }

        boolean fine() {
            return !refused() && results.stream().allMatch(TestResult.Met.class::isInstance);
        }
    }

    @Override
    public Integer call() throws CommandException {
        var workspace = new Workspace(anchors.court());
        List<Workspace.Member> policies = workspace.members(arguments).stream()
                .filter(member -> !(member.reading() instanceof PolicyReading.AcceptedValues))
                .toList();
        if (policies.isEmpty()) {
            throw new CommandException("there are only values files, and tests stand in policies");
        }
        List<Run> runs = policies.stream()
                .map(member -> new Run(
                        member.file(),
                        member.reading(),
                        member.reading() instanceof PolicyReading.Accepted accepted
                                ? PolicyTests.run(accepted.policy(), workspace.casesOf(member))
                                : List.of()))
                .toList();
        var terminal = Terminal.of(System.out);
        if (json) {
            terminal.json(document(runs));
        } else {
            runs.forEach(run -> print(terminal, run));
            long all = runs.stream().mapToLong(run -> run.results().size()).sum();
            long met = met(runs);
            long refused = runs.stream().filter(Run::refused).count();
            terminal.line(terminal.in(
                    met == all && all > 0 && refused == 0 ? Tone.GOOD : Tone.BAD,
                    "%d of %d tests met".formatted(met, all)
                            + (refused == 0 ? "" : ", %d files refused".formatted(refused))));
        }
        boolean any = runs.stream().anyMatch(run -> !run.results().isEmpty());
        return any && runs.stream().allMatch(Run::fine) ? Main.FINE : Main.FOUND;
    }

    private static long met(List<Run> runs) {
        return runs.stream()
                .flatMap(run -> run.results().stream())
                .filter(TestResult.Met.class::isInstance)
                .count();
    }

    private static void print(Terminal terminal, Run run) {
        terminal.line(terminal.in(Tone.HEADING, run.file()));
        if (run.reading() instanceof PolicyReading.Refused refused) {
            terminal.line("  " + terminal.in(Tone.BAD, "is refused, so no test was run:"));
            terminal.line("");
            terminal.indented(2, refused.rendered());
        } else if (run.results().isEmpty()) {
            terminal.line("  " + terminal.in(Tone.DOUBTFUL, "holds no tests"));
        }
        run.results().forEach(result -> print(terminal, result));
        terminal.line("");
    }

    private static void print(Terminal terminal, TestResult result) {
        switch (result) {
            case TestResult.Met(var test) ->
                terminal.line("  " + terminal.in(Tone.GOOD, "met     ") + " " + test.name());
            case TestResult.Differs(var test, var differences) -> {
                terminal.line("  " + terminal.in(Tone.BAD, "differs ") + " " + test.name()
                        + terminal.in(Tone.QUIET, "  (line " + test.line() + ")"));
                differences.forEach(each -> terminal.wrapped(11, each));
            }
            case TestResult.Broken(var test, var why) -> {
                terminal.line("  " + terminal.in(Tone.BAD, "broken  ") + " " + test.name()
                        + terminal.in(Tone.QUIET, "  (line " + test.line() + ")"));
                terminal.wrapped(11, why);
            }
        }
    }

    private static Map<String, Object> document(List<Run> runs) {
        var document = new LinkedHashMap<String, Object>();
        document.put("met", met(runs));
        document.put(
                "tests", runs.stream().mapToLong(run -> run.results().size()).sum());
        document.put("files", runs.stream().map(TestCommand::document).toList());
        return document;
    }

    private static Map<String, Object> document(Run run) {
        var file = new LinkedHashMap<String, Object>();
        file.put("file", run.file());
        file.put("state", run.refused() ? "refused" : "accepted");
        file.put("tests", run.results().stream().map(TestCommand::document).toList());
        return file;
    }

    private static Map<String, Object> document(TestResult result) {
        var document = new LinkedHashMap<String, Object>();
        document.put("name", result.test().name());
        document.put("case", result.test().caseName());
        switch (result) {
            case TestResult.Met _ -> document.put("outcome", "met");
            case TestResult.Differs(var _, var differences) -> {
                document.put("outcome", "differs");
                document.put("differences", differences);
            }
            case TestResult.Broken(var _, var why) -> {
                document.put("outcome", "broken");
                document.put("differences", List.of(why));
            }
        }
        return document;
    }
}
