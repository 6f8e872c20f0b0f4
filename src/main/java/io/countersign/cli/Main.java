package io.countersign.cli;

import io.countersign.imports.SnpMeasurements;
import io.countersign.service.signing.SigningAlgorithm;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: {@code countersign policy | values | keys | audit | early-warning …}. */
@Command(
        name = "countersign",
        mixinStandardHelpOptions = true,
        description =
                "Tries policies, makes reference values, changes signing keys, verifies audit logs and warns early, without a server.",
        subcommands = {
            PolicyCommand.class,
            ValuesCommand.class,
            KeysCommand.class,
            EarlyWarningCommand.class,
            AuditCommand.class,
            CommandLine.HelpCommand.class
        },
        synopsisSubcommandLabel = "<command>")
public final class Main implements Callable<Integer> {
    /** Everything is as it should be. */
    static final int FINE = 0;

    /** Something was found: a mistake, a test that is not met, a difference that was to fail. */
    static final int FOUND = 1;

    /** The program itself failed; nothing is known (sysexits: EX_SOFTWARE). */
    static final int INTERNAL = 70;

    /** The command was not understood, or a file it needs is not there. */
    static final int USAGE = 2;

    private Main() {}

    public static void main(String[] arguments) {
        // The service's log manager stands on the class path too, and complains unless it is chosen before the first
        // log.
        System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
        // Numbers look the same on every machine: scripts read them.
        Locale.setDefault(Locale.ROOT);
        System.exit(run(arguments));
    }

    /** Runs one command and says how it ended. */
    static int run(String... arguments) {
        var line = new CommandLine(new Main());
        line.registerConverter(Instant.class, OptionWords::instant);
        line.registerConverter(Path.class, OptionWords::path);
        line.registerConverter(Duration.class, OptionWords::duration);
        line.registerConverter(SigningAlgorithm.class, OptionWords::algorithm);
        line.registerConverter(DiffCommand.Failing.class, OptionWords.of(DiffCommand.Failing.class));
        line.registerConverter(ReplayCommand.Failing.class, OptionWords.of(ReplayCommand.Failing.class));
        line.registerConverter(ImportCommand.Kind.class, OptionWords.of(ImportCommand.Kind.class));
        line.registerConverter(SnpMeasurements.Kind.class, OptionWords::claim);
        line.setParameterExceptionHandler((problem, _) -> misunderstood(problem));
        line.setExecutionExceptionHandler((problem, _, _) -> stopped(problem));
        name(line, "countersign " + version());
        try {
            return line.execute(KeyIds.behindOptions(arguments));
        } catch (StackOverflowError | OutOfMemoryError e) {
            return stopped(e);
        }
    }

    private static String version() {
        return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                .orElse("(not packaged)");
    }

    private static void name(CommandLine line, String version) {
        line.getCommandSpec().version(version);
        line.getSubcommands().values().forEach(each -> name(each, version));
    }

    private static int misunderstood(ParameterException problem) {
        CommandLine line = problem.getCommandLine();
        var terminal = Terminal.of(System.err);
        terminal.text("countersign: " + sentence(problem, line));
        terminal.line("\"%s --help\" says more".formatted(line.getCommandSpec().qualifiedName()));
        return USAGE;
    }

    private static String sentence(ParameterException problem, CommandLine line) {
        if (problem instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().getFirst();
            if (unmatched.isUnknownOption()) {
                return "%s has no option %s".formatted(line.getCommandSpec().qualifiedName(), first);
            }
            var commands = line.getSubcommands().keySet();
            return commands.isEmpty()
                    ? "\"%s\" is more than %s takes"
                            .formatted(first, line.getCommandSpec().qualifiedName())
                    : "there is no command \"%s\"; there are %s".formatted(first, String.join(", ", commands));
        }
        return String.valueOf(problem.getMessage());
    }

    private static int stopped(Throwable problem) {
        Terminal.of(System.err)
                .text("countersign: "
                        + switch (problem) {
                            case CommandException e -> e.getMessage();
                            case UncheckedIOException e -> FileTrouble.words(e);
                            case InterruptedException _ -> "interrupted";
                            default ->
                                "this is a mistake of Countersign itself; please report it with the files it was about: %s%s"
                                        .formatted(problem, place(problem));
                        });
        return problem instanceof CommandException || problem instanceof UncheckedIOException ? USAGE : INTERNAL;
    }

    private static String place(Throwable problem) {
        return Stream.of(problem.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("io.countersign."))
                .findFirst()
                .map(frame -> ", at " + frame)
                .orElse("");
    }

    @Override
    public Integer call() {
        CommandLine.usage(this, System.err);
        return USAGE;
    }
}
