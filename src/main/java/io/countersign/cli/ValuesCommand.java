package io.countersign.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code countersign values}: makes values files. */
@Command(
        name = "values",
        mixinStandardHelpOptions = true,
        description = "Makes values files from measurement lists, NVIDIA's RIMs and signed CoRIM.",
        subcommands = {ImportCommand.class, CommandLine.HelpCommand.class},
        synopsisSubcommandLabel = "<command>")
final class ValuesCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(System.err);
        return Main.USAGE;
    }
}
