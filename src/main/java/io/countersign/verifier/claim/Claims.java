package io.countersign.verifier.claim;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What evidence says about itself, each value of the type its catalogue declares; absent claims are simply not there. */
public final class Claims {
    private final Map<String, Object> byPath;

    private Claims(Map<String, Object> byPath) {
        this.byPath = Collections.unmodifiableMap(byPath);
    }

    public static Builder of(ClaimCatalogue catalogue) {
        return new Builder(catalogue);
    }

    /** Collects values and refuses, as our own bug, what the catalogue does not declare. */
    public static final class Builder {
        private final ClaimCatalogue catalogue;
        private final Map<String, Object> values = new LinkedHashMap<>();
        private boolean built;

        private Builder(ClaimCatalogue catalogue) {
            this.catalogue = catalogue;
        }

        public Builder with(String path, Object value) {
            if (built) {
                throw new IllegalStateException("claims that were built do not change: " + path);
            }
            ClaimDefinition definition = catalogue
                    .find(path)
                    .orElseThrow(() -> new IllegalStateException("claim not in the catalogue: " + path));
            values.put(path, definition.type().rendered(value));
            return this;
        }

        public Claims build() {
            built = true;
            return new Claims(values);
        }
    }

    /** The value as JSON and policies see it: Boolean, Long, String or List of String. */
    public Optional<Object> find(String path) {
        return Optional.ofNullable(byPath.get(path));
    }

    /** Dotted paths to rendered values, in catalogue order of insertion. */
    public Map<String, Object> byPath() {
        return byPath;
    }

    /** The same, nested as JSON shows it. */
    public Map<String, Object> asTree() {
        var root = new LinkedHashMap<String, Object>();
        byPath.forEach((path, value) -> {
            Map<String, Object> parent = root;
            String[] steps = path.split("\\.", -1);
            for (int i = 0; i < steps.length - 1; i++) {
                parent = child(parent, steps[i]);
            }
            parent.put(steps[steps.length - 1], value);
        });
        return root;
    }

    @SuppressWarnings("unchecked") // every map in the tree was made here, as Map<String, Object>
    private static Map<String, Object> child(Map<String, Object> parent, String name) {
        return (Map<String, Object>) parent.computeIfAbsent(name, _ -> new LinkedHashMap<String, Object>());
    }
}
