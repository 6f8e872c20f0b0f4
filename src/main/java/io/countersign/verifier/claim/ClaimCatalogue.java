package io.countersign.verifier.claim;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every claim that a scheme can make, in the order in which results show them. */
public final class ClaimCatalogue {
    private final Map<String, ClaimDefinition> byPath = new LinkedHashMap<>();

    public ClaimCatalogue(List<ClaimDefinition> definitions) {
        for (ClaimDefinition definition : definitions) {
            if (byPath.put(definition.path(), definition) != null) {
                throw new IllegalArgumentException("claim declared twice: " + definition.path());
            }
        }
    }

    public Optional<ClaimDefinition> find(String path) {
        return Optional.ofNullable(byPath.get(path));
    }

    public Collection<ClaimDefinition> definitions() {
        return java.util.Collections.unmodifiableCollection(byPath.values());
    }
}
