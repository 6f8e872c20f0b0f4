package io.countersign.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code countersign policy}: everything about policies before they count. */
@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        description = "Reads, tests, compares and replays policies before they count.",
        subcommands = {
            LintCommand.class,
            TestCommand.class,
            ExplainCommand.class,
            DiffCommand.class,
            ReplayCommand.class,
            ExampleCommand.class,
            CommandLine.HelpCommand.class
        },
        synopsisSubcommandLabel = "<command>")
final class PolicyCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(System.err);
        return Main.USAGE;
    }
}
