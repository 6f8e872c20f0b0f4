package io.countersign.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code countersign values}: makes values files. */
@Command(
        name = "values",
        mixinStandardHelpOptions = true,
        description = "Makes values files from measurement lists, NVIDIA's RIMs and signed CoRIM.",
        subcommands = {ImportCommand.class, CommandLine.HelpCommand.class},
        synopsisSubcommandLabel = "<command>")
final class ValuesCommand extends CommandGroup {}
