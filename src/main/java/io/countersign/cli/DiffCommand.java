package io.countersign.cli;

import io.countersign.cli.Terminal.Tone;
import io.countersign.trial.PolicyChange;
import io.countersign.trial.PolicyDiff;
import io.countersign.verifier.policy.AppraisalPolicy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code policy diff}: what becomes stricter and what looser. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = "Says what differs between two policies in force, and whether it is stricter or looser.")
final class DiffCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "<before>", description = "A file, or the id of a shipped policy.")
    private String before = "";

    @Parameters(index = "1", paramLabel = "<after>", description = "The same.")
    private String after = "";

    @Option(
            names = "--fail-on",
            paramLabel = "<what>",
            description = "End with 1 when something is looser, or on any difference (looser, any).")
    private @Nullable Failing failing;

    @Option(names = "--json", description = "The same as JSON.")
    private boolean json;

    @Mixin
    private Anchors anchors = new Anchors();

    /** What ends with 1. */
    enum Failing {
        LOOSER,
        ANY
    }

    @Override
    public Integer call() throws CommandException {
        var workspace = new Workspace(anchors.court());
        AppraisalPolicy earlier = Workspace.usable(workspace.policy(before));
        AppraisalPolicy later = Workspace.usable(workspace.policy(after));
        List<PolicyChange> changes = PolicyDiff.of(earlier, later);
        var terminal = Terminal.of(System.out);
        if (json) {
            var document = new LinkedHashMap<String, Object>();
            document.put("before", earlier.identity().digestText());
            document.put("after", later.identity().digestText());
            document.put("changes", changes.stream().map(DiffCommand::document).toList());
            terminal.json(document);
        } else if (changes.isEmpty()) {
            terminal.line(
                    "No difference: both have the digest " + later.identity().digestText());
        } else {
            changes.forEach(change -> print(terminal, change));
        }
        boolean failed = failing == Failing.ANY && !changes.isEmpty()
                || failing == Failing.LOOSER
                        && changes.stream().anyMatch(change -> change.kind() == PolicyChange.Kind.LOOSER);
        return failed ? Main.FOUND : Main.FINE;
    }

    private static Map<String, Object> document(PolicyChange change) {
        var document = new LinkedHashMap<String, Object>();
        document.put("kind", change.kind().name().toLowerCase(Locale.ROOT));
        document.put("words", change.words());
        return document;
    }

    private static void print(Terminal terminal, PolicyChange change) {
        Tone tone =
                switch (change.kind()) {
                    case STRICTER -> Tone.GOOD;
                    case LOOSER -> Tone.BAD;
                    case CHANGED -> Tone.DOUBTFUL;
                    case NEUTRAL -> Tone.QUIET;
                };
        List<String> lines = change.words().lines().toList();
        terminal.line(
                terminal.in(tone, "%-10s".formatted(change.kind().name().toLowerCase(Locale.ROOT))) + lines.getFirst());
        lines.stream().skip(1).forEach(line -> terminal.line(" ".repeat(10) + line));
    }
}
