package io.countersign.verifier.policy;

import io.countersign.verifier.claim.ClaimCatalogue;
import io.countersign.verifier.claim.ClaimDefinition;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.scheme.DeviceClass;
import io.countersign.verifier.scheme.Schemes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What rules can speak of: the claims of every evidence type that this verifier knows. Never hard-coded. */
public final class ClaimVocabulary {
    private final List<Source> sources;
    private final Map<String, Scope> scopes = new LinkedHashMap<>();

    /** One evidence type and the claims it can make. */
    public record Source(String type, DeviceClass deviceClass, ClaimCatalogue claims) {}

    /**
     * The submodules that a rule is evaluated on.
     *
     * @param word as {@code for} names it: a class of devices or one evidence type
     */
    public record Scope(String word, DeviceClass deviceClass, Set<String> types) {
        public Scope {
            // In the order given, so that messages that list them are the same in every run.
            types = Collections.unmodifiableSet(new LinkedHashSet<>(types));
        }
    }

    public ClaimVocabulary(List<Source> sources) {
        this.sources = List.copyOf(sources);
        for (DeviceClass deviceClass : DeviceClass.values()) {
            var types = new LinkedHashSet<String>();
            sources.stream()
                    .filter(source -> source.deviceClass() == deviceClass)
                    .forEach(source -> types.add(source.type()));
            if (!types.isEmpty()) {
                scopes.put(deviceClass.word(), new Scope(deviceClass.word(), deviceClass, types));
            }
        }
        sources.forEach(source ->
                scopes.put(source.type(), new Scope(source.type(), source.deviceClass(), Set.of(source.type()))));
        scopes.values().forEach(this::variables);
    }

    public static ClaimVocabulary of(Schemes schemes) {
        return new ClaimVocabulary(schemes.all().stream()
                .map(scheme -> new Source(scheme.id(), scheme.deviceClass(), scheme.claims()))
                .toList());
    }

    Optional<Scope> scope(String word) {
        return Optional.ofNullable(scopes.get(word));
    }

    Set<String> scopeWords() {
        return scopes.keySet();
    }

    /** Every evidence type, of any class of devices. */
    Set<String> evidenceTypes() {
        var types = new LinkedHashSet<String>();
        sources.forEach(source -> types.add(source.type()));
        return types;
    }

    /** The evidence types of one class of devices. */
    Set<String> types(DeviceClass deviceClass) {
        return scope(deviceClass.word()).map(Scope::types).orElse(Set.of());
    }

    /** Every variable that a rule of this scope may read: {@code cpu.snp.vmpl}, with its type. */
    Map<String, ClaimType> variables(Scope scope) {
        var variables = new LinkedHashMap<String, ClaimType>();
        types(scope).forEach((name, types) -> variables.put(name, common(name, types)));
        return variables;
    }

    /** The same, with all types where evidence types differ: hex of several lengths, words of several sets. */
    Map<String, Set<ClaimType>> types(Scope scope) {
        var variables = new LinkedHashMap<String, Set<ClaimType>>();
        sources.stream()
                .filter(source -> scope.types().contains(source.type()))
                .forEach(source -> source.claims().definitions().forEach(definition -> {
                    String name = source.deviceClass().word() + "." + definition.path();
                    variables.computeIfAbsent(name, _ -> new LinkedHashSet<>()).add(definition.type());
                }));
        return variables;
    }

    private static ClaimType common(String name, Set<ClaimType> types) {
        Optional<KnownWords> words = KnownWords.of(types);
        if (words.isPresent()) {
            return new ClaimType.Word(List.copyOf(words.get().words()));
        }
        ClaimType first = types.stream().findFirst().orElseThrow();
        if (types.stream().anyMatch(type -> type.getClass() != first.getClass())) {
            throw new IllegalArgumentException(name + " has types that do not go together: " + types);
        }
        return first;
    }

    /** Every variable of any scope, for telling a misspelt claim from one of other evidence. */
    Set<String> allVariables() {
        var names = new LinkedHashSet<String>();
        scopes.values().forEach(scope -> names.addAll(variables(scope).keySet()));
        return names;
    }

    /** What the evidence types declare under one path; several when their lengths differ. */
    List<ClaimDefinition> definitions(String path) {
        var found = new ArrayList<ClaimDefinition>();
        sources.forEach(source -> source.claims().find(path).ifPresent(found::add));
        return found;
    }

    /** The same for the evidence types of one scope. */
    List<ClaimDefinition> definitions(Scope scope, String path) {
        var found = new ArrayList<ClaimDefinition>();
        sources.stream()
                .filter(source -> scope.types().contains(source.type()))
                .forEach(source -> source.claims().find(path).ifPresent(found::add));
        return found;
    }

    Set<String> paths() {
        var paths = new LinkedHashSet<String>();
        sources.forEach(source -> source.claims().definitions().forEach(definition -> paths.add(definition.path())));
        return paths;
    }
}
