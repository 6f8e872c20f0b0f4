package io.countersign.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code countersign audit}: the log of decisions. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Verifies and shows the log of decisions. Changes nothing; the service may run or not.",
        subcommands = {AuditVerifyCommand.class, AuditShowCommand.class, CommandLine.HelpCommand.class},
        synopsisSubcommandLabel = "<command>")
final class AuditCommand extends CommandGroup {}
