package io.countersign.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

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
final class PolicyCommand extends CommandGroup {}
