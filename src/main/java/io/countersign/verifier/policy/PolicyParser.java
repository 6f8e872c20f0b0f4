package io.countersign.verifier.policy;

import io.countersign.verifier.check.CheckId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads policies: all of a file is accepted, or none of it and every reason is told at once. */
public final class PolicyParser {
    private final ClaimVocabulary vocabulary;
    private final Set<CheckId> waivable;

    /**
     * The policies that a policy may draw in.
     *
     * @param policies by id
     */
    public record Library(Map<String, AppraisalPolicy> policies) {
        public Library {
            policies = Map.copyOf(policies);
        }

        public static Library empty() {
            return new Library(Map.of());
        }

        public static Library of(Collection<AppraisalPolicy> policies) {
            return new Library(policies.stream()
                    .collect(Collectors.toMap(policy -> policy.identity().id(), Function.identity())));
        }
    }

    private record Read(Issues issues, Optional<PolicyDocument> document) {}

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

    public PolicyReading parse(String source, Library library) {
        return resolve(source, read(source), library);
    }

    /** A draft draws in nothing, so that what it says is all in the request. */
    public PolicyReading parseDraft(String source) {
        Read read = read(source);
        read.document()
                .map(PolicyDocument::parents)
                .flatMap(parents -> parents.stream().findFirst())
                .ifPresent(parent -> read.issues()
                        .error(
                                parent,
                                "a draft draws in no other policy",
                                "write the other policy's rules into the draft"));
        return read.document()
                .map(document -> new PolicyResolver(vocabulary, read.issues(), source)
                        .resolve(document, AppraisalPolicy.Kind.DRAFT, List.of()))
                .orElseGet(() -> new PolicyReading.Refused(read.issues().all()));
    }

    /** The id that a text declares, whether or not the policy is accepted; empty when it declares none. */
    public Optional<String> declaredId(String source) {
        return read(source).document().map(PolicyDocument::id).filter(id -> !id.isEmpty());
    }

    /**
     * Reads files that may draw in one another, in any order. One that is refused takes with it those that draw it in, and
     * no others.
     *
     * @param sources texts by file name
     * @return readings by file name, in the order given
     */
    public Map<String, PolicyReading> parseAll(Map<String, String> sources) {
        var pending = new LinkedHashMap<String, Read>();
        sources.forEach((file, source) -> pending.put(file, read(source)));
        var done = new HashMap<String, PolicyReading>();
        refuseSharedIds(pending);
        var accepted = new HashMap<String, AppraisalPolicy>();
        boolean progress = true;
        while (progress) {
            progress = false;
            for (String file : List.copyOf(pending.keySet())) {
                Read read = pending.get(file);
                if (read != null && ready(read, pending.values())) {
                    PolicyReading reading = resolve(sources.getOrDefault(file, ""), read, new Library(accepted));
                    if (reading instanceof PolicyReading.Accepted(AppraisalPolicy policy, var _)) {
                        accepted.put(policy.identity().id(), policy);
                    }
                    done.put(file, reading);
                    pending.remove(file);
                    progress = true;
                }
            }
        }
        pending.forEach((file, read) -> {
            read.document()
                    .flatMap(document -> document.parents().stream().findFirst())
                    .ifPresent(parent -> read.issues()
                            .error(
                                    parent,
                                    "this policy draws itself in, through \"" + parent.getValue() + "\"",
                                    "break the circle"));
            done.put(file, new PolicyReading.Refused(read.issues().all()));
        });
        var inOrder = new LinkedHashMap<String, PolicyReading>();
        sources.keySet().forEach(file -> {
            PolicyReading reading = done.get(file);
            if (reading != null) {
                inOrder.put(file, reading);
            }
        });
        return inOrder;
    }

    /** Nothing it draws in is still to be read. */
    private static boolean ready(Read read, Collection<Read> pending) {
        List<String> parents = read.document().map(PolicyDocument::parents).orElse(List.of()).stream()
                .map(ScalarNode::getValue)
                .toList();
        return pending.stream()
                .flatMap(other -> other.document().stream())
                .noneMatch(other -> parents.contains(other.id()));
    }

    private static void refuseSharedIds(Map<String, Read> reads) {
        var byId = new LinkedHashMap<String, List<String>>();
        reads.forEach((file, read) -> read.document()
                .ifPresent(document -> byId.computeIfAbsent(document.id(), _ -> new ArrayList<>())
                        .add(file)));
        byId.forEach((id, files) -> {
            if (files.size() > 1 && !id.isEmpty()) {
                files.forEach(file -> Optional.ofNullable(reads.get(file)).ifPresent(read -> read.issues()
                        .error(
                                Position.START,
                                "several files declare the policy \"" + id + "\": " + String.join(", ", files),
                                "give each its own id")));
            }
        });
    }

    private Read read(String source) {
        var issues = new Issues(source);
        return new Read(
                issues, YamlTree.read(source, issues).map(new PolicyReader(vocabulary, waivable, issues)::read));
    }

    private PolicyReading resolve(String source, Read read, Library library) {
        if (read.document().isEmpty()) {
            return new PolicyReading.Refused(read.issues().all());
        }
        PolicyDocument document = read.document().get();
        var parents = new ArrayList<AppraisalPolicy>();
        for (ScalarNode parent : document.parents()) {
            AppraisalPolicy found = library.policies().get(parent.getValue());
            if (found == null) {
                read.issues()
                        .error(
                                parent,
                                "no policy \"" + parent.getValue() + "\" is loaded",
                                Spelling.suggest(
                                        parent.getValue(), library.policies().keySet()));
            } else {
                parents.add(found);
            }
        }
        return new PolicyResolver(vocabulary, read.issues(), source)
                .resolve(document, AppraisalPolicy.Kind.LOADED, parents);
    }
}
