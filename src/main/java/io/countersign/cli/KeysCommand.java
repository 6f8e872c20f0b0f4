package io.countersign.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code countersign keys}: the keys that tokens are signed with. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description = {
            "Shows and changes the keys that tokens are signed with.",
            "The service may run or not; a running one follows within seconds (countersign.token.rotation.poll)."
        },
        subcommands = {
            KeysListCommand.class,
            KeysRotateCommand.class,
            KeysWithdrawCommand.class,
            KeysPruneCommand.class,
            CommandLine.HelpCommand.class
        },
        synopsisSubcommandLabel = "<command>")
final class KeysCommand extends CommandGroup {}
