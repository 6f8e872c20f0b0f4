package io.countersign.verifier.policy;

import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.claim.Claims;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a policy's rules compare claims with: named reference values and floors, its own and those it draws in. */
public record PolicyValues(Map<String, ReferenceSet> references, Map<String, FloorTable> floors) {
    public PolicyValues {
        references = Collections.unmodifiableMap(new LinkedHashMap<>(references));
        floors = Collections.unmodifiableMap(new LinkedHashMap<>(floors));
    }

    static PolicyValues none() {
        return new PolicyValues(Map.of(), Map.of());
    }

    /** Every floor as rules write it, {@code floors.<name>.<component>}, with its type. */
    Map<String, ClaimType> floorVariables() {
        var variables = new LinkedHashMap<String, ClaimType>();
        floors.values().forEach(table -> table.components()
                .forEach((component, type) -> variables.put(CelWords.FLOORS + table.name() + "." + component, type)));
        return variables;
    }

    static boolean names(String variable) {
        return variable.startsWith(CelWords.REFERENCES) || variable.startsWith(CelWords.FLOORS);
    }

    /**
     * The value of {@code references.<name>} or {@code floors.<name>.<component>}; nothing when the values expired or no
     * floor is known for this platform.
     */
    Optional<Object> find(String variable, Claims claims, Instant at) {
        if (variable.startsWith(CelWords.REFERENCES)) {
            return Optional.ofNullable(references.get(variable.substring(CelWords.REFERENCES.length())))
                    .map(set -> set.valuesAt(at))
                    .filter(values -> !values.isEmpty())
                    .map(values -> values);
        }
        String path = variable.substring(CelWords.FLOORS.length());
        int dot = path.indexOf('.');
        return dot < 0
                ? Optional.empty()
                : Optional.ofNullable(floors.get(path.substring(0, dot)))
                        .flatMap(table -> table.find(path.substring(dot + 1), claims));
    }
}
