package io.countersign.verifier.policy;

import io.countersign.verifier.check.CheckId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads policies and values files: all of a file is accepted, or none of it and every reason is told at once. */
public final class PolicyParser {
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,63}");
    private static final Pattern DECLARATION = Pattern.compile(
            "^(?:policy|values):[ \\t]*[\"']?([a-z][a-z0-9-]{0,63})[\"']?[ \\t]*(?:#.*)?$", Pattern.MULTILINE);

    private final ClaimVocabulary vocabulary;
    private final Set<CheckId> waivable;

    /**
     * What a policy may draw in.
     *
     * @param policies by id
     * @param values values files by id
     */
    public record Library(Map<String, AppraisalPolicy> policies, Map<String, ValuesFile> values) {
        public Library {
            policies = Map.copyOf(policies);
            values = Map.copyOf(values);
        }

        public static Library empty() {
            return new Library(Map.of(), Map.of());
        }

        public static Library of(Collection<AppraisalPolicy> policies) {
            return of(policies, List.of());
        }

        public static Library of(Collection<AppraisalPolicy> policies, Collection<ValuesFile> values) {
            return new Library(
                    policies.stream()
                            .collect(
                                    Collectors.toMap(policy -> policy.identity().id(), Function.identity())),
                    values.stream()
                            .collect(Collectors.toMap(file -> file.identity().id(), Function.identity())));
        }

        /** What was accepted of some files. */
        public static Library of(Map<String, PolicyReading> readings) {
            var policies = new ArrayList<AppraisalPolicy>();
            var values = new ArrayList<ValuesFile>();
            readings.values().forEach(reading -> {
                switch (reading) {
                    case PolicyReading.Accepted accepted -> policies.add(accepted.policy());
                    case PolicyReading.AcceptedValues accepted -> values.add(accepted.values());
                    case PolicyReading.Refused _ -> {}
                }
            });
            return of(policies, values);
        }
    }

    /** Asked about each policy that is sound by itself, before it counts: whether its tests pass. */
    @FunctionalInterface
    public interface Acceptance {
        /** What speaks against it; an error refuses the file. */
        List<PolicyIssue> objections(String file, AppraisalPolicy policy);
    }

    /** A file that was read by itself, and not yet put together with what it draws in. */
    record Read(String file, String source, Issues issues, Optional<FileContent> content) {}

    /**
     * A parser for the evidence that this verifier knows.
     *
     * @param waivable checks that a policy may waive; those that cannot be waived are left out here
     */
    public PolicyParser(ClaimVocabulary vocabulary, Set<CheckId> waivable) {
        this.vocabulary = vocabulary;
        this.waivable =
                waivable.stream().filter(CheckId::waivableWhenUndetermined).collect(Collectors.toUnmodifiableSet());
    }

    /** Reads a text that has no name. */
    public PolicyReading parse(String source, Library library) {
        return parse("", source, library);
    }

    /**
     * Reads one file.
     *
     * @param file its name, for findings
     */
    public PolicyReading parse(String file, String source, Library library) {
        return conclude(read(file, source), Shelf.of(library));
    }

    /** A draft draws in nothing, so that what it says is all in the request. Its tests are checked, and never run. */
    public PolicyReading parseDraft(String source) {
        Read read = read("", source);
        return switch (read.content().orElse(null)) {
            case PolicyDocument document -> {
                refuseDrawnIn(read.issues(), document.parents(), "the other policy's rules");
                refuseDrawnIn(read.issues(), document.valuesFrom(), "the values that it reads");
                yield new PolicyResolver(vocabulary, read.issues(), "", source)
                        .resolve(document, AppraisalPolicy.Kind.DRAFT, List.of(), Map.of());
            }
            case ValuesDocument values -> {
                read.issues().error(values.root(), "a draft is a policy, and this is a values file", "");
                yield new PolicyReading.Refused(read.issues().all());
            }
            case null -> new PolicyReading.Refused(read.issues().all());
        };
    }

    private static void refuseDrawnIn(Issues issues, List<ScalarNode> ids, String what) {
        ids.stream()
                .findFirst()
                .ifPresent(
                        id -> issues.error(id, "a draft draws in no other file", "write " + what + " into the draft"));
    }

    /** The id that a text declares, whether or not it is accepted or can be read at all; empty when it declares none. */
    public Optional<String> declaredId(String source) {
        return declaredId(read("", source));
    }

    static Optional<String> declaredId(Read read) {
        if (read.content().isPresent()) {
            // Of a refused file any text may stand there, and what is declared is shown as a name.
            return read.content().map(FileContent::id).filter(id -> ID.matcher(id)
                    .matches());
        }
        // Broken text still says whose it is, so that what draws it in can go on with its last good version.
        Matcher line = DECLARATION.matcher(read.source());
        return line.find() ? Optional.of(line.group(1)) : Optional.empty();
    }

    /** Reads files that may draw in one another, with nothing to go back to and nobody to object. */
    public Map<String, PolicyReading> parseAll(Map<String, String> sources) {
        return parseAll(sources, Library.empty(), (_, _) -> List.of());
    }

    /**
     * Reads files that may draw in one another, in any order. Where one is refused, those that draw it in go on with its
     * last good version; where there is none, they are refused too, and no others.
     *
     * @param sources texts by file name
     * @param lastGood what was accepted earlier
     * @return readings by file name, in the order given
     */
    public Map<String, PolicyReading> parseAll(Map<String, String> sources, Library lastGood, Acceptance acceptance) {
        var reads = new LinkedHashMap<String, Read>();
        sources.forEach((file, source) -> reads.put(file, read(file, source)));
        return new FolderReader(this, lastGood, acceptance).conclude(reads);
    }

    private Read read(String file, String source) {
        var issues = new Issues(file, source);
        return new Read(
                file,
                source,
                issues,
                YamlTree.read(source, issues)
                        .map(root -> ValuesReader.holdsValues(root)
                                ? new ValuesReader(vocabulary, issues).read(root)
                                : new PolicyReader(vocabulary, waivable, issues).read(root)));
    }

    /** Puts a file together with what it draws in. */
    PolicyReading conclude(Read read, Shelf shelf) {
        Issues issues = read.issues();
        return switch (read.content().orElse(null)) {
            case PolicyDocument document -> {
                var parents = new ArrayList<AppraisalPolicy>();
                document.parents().forEach(node -> shelf.policy(node, issues).ifPresent(parents::add));
                var values = new LinkedHashMap<ScalarNode, ValuesFile>();
                document.valuesFrom()
                        .forEach(node -> shelf.values(node, issues).ifPresent(file -> values.put(node, file)));
                document.shadowOf().ifPresent(node -> shelf.warnOfUnknown(node, issues));
                yield new PolicyResolver(vocabulary, issues, read.file(), read.source())
                        .resolve(document, AppraisalPolicy.Kind.LOADED, parents, values);
            }
            case ValuesDocument document ->
                issues.anyError()
                        ? new PolicyReading.Refused(issues.all())
                        : new PolicyReading.AcceptedValues(
                                ValuesFile.of(read.file(), read.source(), document), issues.all());
            case null -> new PolicyReading.Refused(issues.all());
        };
    }
}
