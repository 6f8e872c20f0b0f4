package io.countersign.service.policies;

import io.countersign.service.policies.PolicyBook.Loaded;
import io.countersign.service.policies.PolicyBook.Name;
import io.countersign.service.policies.PolicyBook.RefusedText;
import io.countersign.service.policies.PolicyCompiler.Compiled;
import io.countersign.service.policies.PolicyLibrary.Kind;
import io.countersign.service.policies.PolicyLibrary.Refusal;
import io.countersign.verifier.policy.PolicyIssue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the next book of the book before and the files as they are now; reads nothing and asks no clock. */
final class NextBook {
    private final PolicyCompiler compiler;
    private final Map<String, String> shipped;
    private final Map<String, Candidate> own;
    private final PolicyBook before;
    private final Instant now;
    /** By file of the folder, the id that its text declares. */
    private final Map<String, String> declared = new HashMap<>();

    private NextBook(
            PolicyCompiler compiler,
            Map<String, String> shipped,
            Map<String, Candidate> own,
            PolicyBook before,
            Instant now) {
        this.compiler = compiler;
        this.shipped = shipped;
        this.own = own;
        this.before = before;
        this.now = now;
        own.forEach(
                (file, candidate) -> compiler.declaredId(candidate.source()).ifPresent(id -> declared.put(file, id)));
    }

    /**
     * The next book.
     *
     * @param shipped texts that are in use unless a file of the folder declares the same id
     * @param own the folder's files
     */
    static PolicyBook of(
            PolicyCompiler compiler,
            Map<String, String> shipped,
            Map<String, Candidate> own,
            PolicyBook before,
            Instant now) {
        return new NextBook(compiler, shipped, own, before, now).make();
    }

    private PolicyBook make() {
        Map<String, Loaded> lastGood = lastGood();
        while (true) {
            Map<String, Compiled> readings = compile(lastGood);
            PolicyBook book = book(readings, lastGood);
            // What would have stayed as the last good version may turn out to be gone, and then nothing may draw it in.
            Set<Name> inUse = book.names().keySet();
            if (!lastGood.values().removeIf(each -> !inUse.contains(each.name()))) {
                return book;
            }
        }
    }

    /** By file, what stays in use of it if its text is refused: also what another name or the program held before. */
    private Map<String, Loaded> lastGood() {
        var lastGood = new LinkedHashMap<String, Loaded>();
        var homeless = new HashMap<String, Loaded>();
        before.loaded().forEach((file, loaded) -> {
            if (own.containsKey(file) || shipped.containsKey(file) && !declared(loaded)) {
                lastGood.put(file, loaded);
            } else {
                homeless.put(loaded.content().identity().id(), loaded);
            }
        });
        for (String file : own.keySet()) {
            Loaded moved = homeless.get(declared.getOrDefault(file, ""));
            if (moved != null) {
                // Only one file can be the new home: of two that declare an id, neither is more right than the other.
                if (lastGood.putIfAbsent(file, moved) == null) {
                    homeless.remove(declared.getOrDefault(file, ""));
                }
            }
        }
        return lastGood;
    }

    private boolean declared(Loaded loaded) {
        return declared.containsValue(loaded.content().identity().id());
    }

    private Map<String, Compiled> compile(Map<String, Loaded> lastGood) {
        var sources = new LinkedHashMap<String, String>();
        shipped.forEach((file, source) -> {
            if (!displaced(file, lastGood)) {
                sources.put(file, source);
            }
        });
        own.forEach((file, candidate) -> {
            switch (candidate) {
                case Candidate.Text(String source) -> sources.put(file, source);
                case Candidate.Withheld _ ->
                    Optional.ofNullable(lastGood.get(file))
                            .filter(each ->
                                    !declaredByText(each.content().identity().id()))
                            .ifPresent(each -> sources.put(file, stub(each.content())));
            }
        });
        var compiled = new HashMap<>(compiler.compile(
                sources, lastGood.values().stream().map(Loaded::content).toList()));
        own.forEach((file, candidate) -> {
            if (candidate instanceof Candidate.Withheld(var _, PolicyIssue issue)) {
                compiled.put(file, new Compiled.Refused(List.of(issue)));
            }
        });
        return compiled;
    }

    /** A text of that id which is refused, so that what draws in the id draws in its last good version. */
    private static String stub(Loadable content) {
        return "%s: %s\n".formatted(content.kind().word(), content.identity().id());
    }

    private boolean declaredByText(String id) {
        return own.entrySet().stream()
                .anyMatch(each -> each.getValue() instanceof Candidate.Text && id.equals(declared.get(each.getKey())));
    }

    /**
     * Whether a file of the folder has this shipped policy's id. One that is refused displaces it too: its owner wanted
     * something else to judge.
     */
    private boolean displaced(String file, Map<String, Loaded> lastGood) {
        return declared.values().stream().anyMatch(id -> file.equals(ShippedPolicies.file(id)))
                || lastGood.entrySet().stream()
                        .filter(each -> own.containsKey(each.getKey()))
                        .anyMatch(each -> file.equals(ShippedPolicies.file(
                                each.getValue().content().identity().id())));
    }

    private PolicyBook book(Map<String, Compiled> readings, Map<String, Loaded> lastGood) {
        var loaded = new LinkedHashMap<String, Loaded>();
        var refused = new LinkedHashMap<String, RefusedText>();
        Set<Name> taken = new HashSet<>();
        readings.values().forEach(reading -> {
            if (reading instanceof Compiled.Accepted(Loadable content, var _)) {
                taken.add(new Name(content.kind(), content.identity().id()));
            }
        });
        for (String file : files()) {
            @Nullable Compiled reading = readings.get(file);
            switch (reading) {
                case null -> {
                    // A shipped policy that a file has taken the place of.
                }
                case Compiled.Accepted accepted ->
                    loaded.put(file, loaded(file, accepted, Optional.ofNullable(lastGood.get(file))));
                case Compiled.Refused(List<PolicyIssue> issues) -> {
                    Optional<Loaded> stays = Optional.ofNullable(lastGood.get(file))
                            // Another file has taken the id over, and its newest text counts.
                            .filter(each -> taken.add(each.name()));
                    stays.ifPresent(each -> loaded.put(file, each));
                    refused.put(file, refused(file, issues, stays));
                }
            }
        }
        return new PolicyBook(loaded, refused);
    }

    private List<String> files() {
        var files = new ArrayList<>(shipped.keySet());
        files.addAll(own.keySet());
        return files;
    }

    private Loaded loaded(String file, Compiled.Accepted accepted, Optional<Loaded> lastGood) {
        String source = source(file);
        Instant since = lastGood.or(() -> before.at(file))
                .filter(each -> each.source().equals(source)
                        && each.content().identity().equals(accepted.content().identity()))
                .map(Loaded::since)
                .orElse(now);
        return new Loaded(file, accepted.content(), source, accepted.warnings(), since);
    }

    private RefusedText refused(String file, List<PolicyIssue> issues, Optional<Loaded> stays) {
        String source = source(file);
        // As long as it is the same text that is refused, it is since when it was refused first.
        Instant since = Optional.ofNullable(before.refused().get(file))
                .filter(each -> each.source().equals(source))
                .map(each -> each.refusal().since())
                .orElse(now);
        return new RefusedText(
                stays.map(each -> each.content().identity().id())
                        .or(() -> Optional.ofNullable(declared.get(file)))
                        .or(() -> shippedId(file))
                        .orElse(file),
                stays.map(each -> each.content().kind())
                        .orElse(source.startsWith("values:") ? Kind.VALUES : Kind.POLICY),
                source,
                new Refusal(file, since, issues));
    }

    private static Optional<String> shippedId(String file) {
        return ShippedPolicies.isOne(file)
                ? Optional.of(file.substring(ShippedPolicies.PREFIX.length()))
                : Optional.empty();
    }

    private String source(String file) {
        return shipped.containsKey(file)
                ? Objects.requireNonNull(shipped.get(file))
                : Objects.requireNonNull(own.get(file)).source();
    }
}
