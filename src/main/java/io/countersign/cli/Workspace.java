package io.countersign.cli;

import io.countersign.cases.Case;
import io.countersign.cases.CaseException;
import io.countersign.cases.CaseReader;
import io.countersign.cases.CaseSource;
import io.countersign.cases.Cases;
import io.countersign.service.policies.ShippedPolicies;
import io.countersign.trial.ReplayBounds;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyIssue;
import io.countersign.verifier.policy.PolicyParser;
import io.countersign.verifier.policy.PolicyReading;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The policies that a command speaks of, read as the service would read them: with the shipped ones, and with the files that
 * lie beside them.
 */
final class Workspace {
    private final PolicyParser parser;
    private final Court court;

    /**
     * One file that a command is about.
     *
     * @param file as people see it
     * @param path where it lies; empty when it ships
     */
    record Member(String file, Optional<Path> path, String source, PolicyReading reading) {}

    Workspace(Court court) {
        this.court = court;
        this.parser = court.parser();
    }

    /** Every file that the arguments name: files, folders, and ids of shipped policies. */
    List<Member> members(List<String> arguments) throws CommandException {
        var members = new ArrayList<Member>();
        for (String argument : arguments) {
            members.addAll(members(argument));
        }
        return members;
    }

    /** One policy, which must be free of errors. */
    Member policy(String argument) throws CommandException {
        List<Member> found = members(argument);
        if (found.size() == 1) {
            return found.getFirst();
        }
        List<Member> all = found.stream()
                .filter(member -> !(member.reading() instanceof PolicyReading.AcceptedValues))
                .toList();
        if (all.size() != 1) {
            throw new CommandException("%s names %d policies; name one file or one id".formatted(argument, all.size()));
        }
        return all.getFirst();
    }

    /** The policy of a member, or the reasons why there is none. */
    static AppraisalPolicy usable(Member member) throws CommandException {
        return switch (member.reading()) {
            case PolicyReading.Accepted accepted -> accepted.policy();
            case PolicyReading.AcceptedValues _ ->
                throw new CommandException(member.file() + " holds values and is no policy");
            case PolicyReading.Refused refused ->
                throw new CommandException("%s is no usable policy:\n%s".formatted(member.file(), refused.rendered()));
        };
    }

    /** Where the cases are that a member's tests name. */
    CaseSource casesOf(Member member) {
        return member.path().isPresent()
                ? Cases.besides(member.path().get(), court.schemes(), court.shippedCases())
                : court.shippedCases();
    }

    private List<Member> members(String argument) throws CommandException {
        Path path = FileTrouble.path(argument);
        if (Files.isDirectory(path)) {
            var own = PolicyFiles.in(path);
            if (own.isEmpty()) {
                throw new CommandException(
                        "%s holds no file that ends in .yaml or .yml, nor does a folder directly in it"
                                .formatted(argument));
            }
            return read(own, Map.of());
        }
        if (Files.exists(path)) {
            // A pipe, as shells make of <(git show ...), has nothing beside it.
            return read(
                    Map.of(path, PolicyFiles.text(path)),
                    Files.isRegularFile(path) ? PolicyFiles.beside(path) : Map.of());
        }
        return shipped().stream()
                .filter(member -> parser.declaredId(member.source())
                        .filter(argument::equals)
                        .isPresent())
                .findFirst()
                .map(List::of)
                .orElseThrow(() -> new CommandException(
                        "%s is neither a file nor a folder, and no policy of that id ships with this version"
                                .formatted(argument)));
    }

    private List<Member> shipped() {
        Map<String, String> texts = ShippedPolicies.texts();
        var members = new ArrayList<Member>();
        parser.parseAll(texts)
                .forEach((file, reading) ->
                        members.add(new Member(file, Optional.empty(), texts.getOrDefault(file, ""), reading)));
        return members;
    }

    /** Reads the own files with everything around them; of one id, the own file counts, then its neighbour. */
    private List<Member> read(Map<Path, Optional<String>> own, Map<Path, String> beside) {
        var sources = new LinkedHashMap<String, String>();
        own.forEach((path, text) -> text.ifPresent(known -> sources.put(path.toString(), known)));
        addUnlessTaken(
                sources,
                beside.entrySet().stream().map(each -> Map.entry(each.getKey().toString(), each.getValue())));
        addUnlessTaken(sources, ShippedPolicies.texts().entrySet().stream());
        Map<String, PolicyReading> readings = parser.parseAll(sources);
        var members = new ArrayList<Member>();
        own.forEach((path, text) -> members.add(new Member(
                path.toString(),
                Optional.of(path),
                text.orElse(""),
                Optional.ofNullable(readings.get(path.toString())).orElseGet(() -> notText(path)))));
        return members;
    }

    private void addUnlessTaken(Map<String, String> sources, Stream<Map.Entry<String, String>> others) {
        Set<String> taken = sources.values().stream()
                .flatMap(text -> parser.declaredId(text).stream())
                .collect(Collectors.toSet());
        others.filter(entry -> parser.declaredId(entry.getValue())
                        .filter(taken::contains)
                        .isEmpty())
                .forEach(entry -> sources.putIfAbsent(entry.getKey(), entry.getValue()));
    }

    private static PolicyReading notText(Path path) {
        return new PolicyReading.Refused(List.of(new PolicyIssue(
                PolicyIssue.Severity.ERROR, path.toString(), 1, 1, "this is not UTF-8 text", "save it as UTF-8", "")));
    }

    /** A case in a file of its own, judged with the anchors of this command, or one of those that ship. */
    Case stored(String name) throws CommandException {
        try {
            if (name.startsWith("fixture:")) {
                return court.shippedCases().find(name);
            }
            Path path = FileTrouble.path(name);
            try (InputStream in = Files.newInputStream(path)) {
                byte[] read = in.readNBytes(ReplayBounds.MAX_BYTES + 1);
                if (read.length > ReplayBounds.MAX_BYTES) {
                    throw new CommandException("%s has more than %d bytes, the most that a request may have"
                            .formatted(name, ReplayBounds.MAX_BYTES));
                }
                return new CaseReader(court.schemes()).read(name, read);
            } catch (IOException e) {
                throw FileTrouble.reading(path, e);
            }
        } catch (CaseException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        }
    }
}
