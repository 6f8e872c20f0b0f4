package io.countersign.cli;

import io.countersign.cli.Terminal.Tone;
import io.countersign.service.api.result.PolicyIssueDocument;
import io.countersign.verifier.policy.PolicyIssue;
import io.countersign.verifier.policy.PolicyIssue.Severity;
import io.countersign.verifier.policy.PolicyReading;
import io.countersign.verifier.result.PolicyIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code policy lint}: everything that is wrong with a file, at once. */
@Command(
        name = "lint",
        mixinStandardHelpOptions = true,
        description =
                "Says everything that is wrong with policies and values files, each with its place. Ends with 1 on errors.")
final class LintCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "<file>", description = "Files, folders, or ids of shipped policies.")
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = "--at",
            paramLabel = "<time>",
            description = "Look at expiry as of then, not now: a time (RFC 3339) or a day.")
    private @Nullable Instant at;

    @Option(names = "--strict", description = "End with 1 on warnings too.")
    private boolean strict;

    @Option(names = "--json", description = "The same as JSON.")
    private boolean json;

    @Mixin
    private Anchors anchors = new Anchors();

    private record Finding(String file, String state, Optional<PolicyIdentity> identity, List<PolicyIssue> issues) {}

    @Override
    public Integer call() throws CommandException {
        Instant now = at == null ? Instant.now() : at;
        List<Finding> findings = new Workspace(anchors.court())
                .members(arguments).stream().map(member -> finding(member, now)).toList();
        findings = withValuesToldOnce(findings);
        List<String> tooDeep = tooDeep();
        var terminal = Terminal.of(System.out);
        if (json) {
            terminal.json(document(findings, tooDeep));
        } else {
            print(terminal, findings);
            tooDeep.forEach(file -> terminal.line(terminal.in(Tone.DOUBTFUL, "not read") + " " + file
                    + ": the service looks at a folder and one level below"));
        }
        return count(findings, Severity.ERROR) > 0 || strict && count(findings, Severity.WARNING) > 0
                ? Main.FOUND
                : Main.FINE;
    }

    private static Finding finding(Workspace.Member member, Instant at) {
        var issues = new ArrayList<>(member.reading().findings());
        return switch (member.reading()) {
            case PolicyReading.Accepted accepted -> {
                issues.addAll(accepted.policy().findings(at));
                yield new Finding(
                        member.file(), "accepted", Optional.of(accepted.policy().identity()), issues);
            }
            case PolicyReading.AcceptedValues values -> {
                issues.addAll(values.values().findings(at));
                yield new Finding(
                        member.file(), "accepted", Optional.of(values.values().identity()), issues);
            }
            case PolicyReading.Refused _ -> new Finding(member.file(), "refused", Optional.empty(), issues);
        };
    }

    /** What a values file says of its age is left out where a policy that draws it in has said it, with what follows. */
    private static List<Finding> withValuesToldOnce(List<Finding> findings) {
        Set<String> told = findings.stream()
                .flatMap(finding -> finding.issues().stream()
                        .filter(issue -> !issue.file().equals(finding.file()))
                        .map(LintCommand::place))
                .collect(Collectors.toSet());
        return findings.stream()
                .map(finding -> new Finding(
                        finding.file(),
                        finding.state(),
                        finding.identity(),
                        finding.issues().stream()
                                .filter(issue -> !issue.file().equals(finding.file()) || !told.contains(place(issue)))
                                .toList()))
                .toList();
    }

    private static String place(PolicyIssue issue) {
        return "%s:%d:%d".formatted(issue.file(), issue.line(), issue.column());
    }

    private List<String> tooDeep() throws CommandException {
        var files = new ArrayList<String>();
        for (String argument : arguments) {
            Path path = FileTrouble.path(argument);
            if (Files.isDirectory(path)) {
                PolicyFiles.tooDeep(path).forEach(file -> files.add(file.toString()));
            }
        }
        return files;
    }

    private static long count(List<Finding> findings, Severity severity) {
        return findings.stream()
                .flatMap(finding -> finding.issues().stream())
                .filter(issue -> issue.severity() == severity)
                .count();
    }

    private static void print(Terminal terminal, List<Finding> findings) {
        for (Finding finding : findings) {
            boolean refused = finding.identity().isEmpty();
            terminal.line("%s %s%s"
                    .formatted(
                            terminal.in(refused ? Tone.BAD : Tone.GOOD, refused ? "refused " : "accepted"),
                            finding.file(),
                            finding.identity()
                                    .map(identity -> "  %s, version %s, %s"
                                            .formatted(
                                                    identity.id(),
                                                    identity.version(),
                                                    terminal.in(Tone.QUIET, identity.digestText())))
                                    .orElse("")));
            for (PolicyIssue issue : finding.issues()) {
                terminal.line("");
                Tone tone = issue.severity() == Severity.ERROR ? Tone.BAD : Tone.DOUBTFUL;
                terminal.indented(
                        2,
                        issue.rendered()
                                .replaceFirst(
                                        " " + issue.severity().word() + ": ",
                                        " " + terminal.in(tone, issue.severity().word()) + ": "));
            }
            if (!finding.issues().isEmpty()) {
                terminal.line("");
            }
        }
        terminal.line("%s, %s, %s"
                .formatted(
                        counted(findings.size(), "file"),
                        counted(count(findings, Severity.ERROR), "error"),
                        counted(count(findings, Severity.WARNING), "warning")));
    }

    private static String counted(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static Map<String, Object> document(List<Finding> findings, List<String> tooDeep) {
        var document = new LinkedHashMap<String, Object>();
        document.put("errors", count(findings, Severity.ERROR));
        document.put("warnings", count(findings, Severity.WARNING));
        document.put(
                "files",
                findings.stream()
                        .map(finding -> {
                            var file = new LinkedHashMap<String, Object>();
                            file.put("file", finding.file());
                            file.put("state", finding.state());
                            finding.identity().ifPresent(identity -> {
                                file.put("id", identity.id());
                                file.put("version", identity.version());
                                file.put("digest", identity.digestText());
                            });
                            file.put("issues", PolicyIssueDocument.of(finding.issues()));
                            return file;
                        })
                        .toList());
        document.put("not_read", tooDeep);
        return document;
    }
}
