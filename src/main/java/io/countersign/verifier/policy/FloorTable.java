package io.countersign.verifier.policy;

import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.claim.Claims;
import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The least that some component of a platform's firmware must have reached, by product, family and model: named after the
 * bulletin that motivates it. Rules read it as {@code floors.<name>.<component>}.
 *
 * @param bulletin whose demand it is: {@code AMD-SB-3019 (CVE-2024-56161)}
 * @param reviewed when somebody last compared it with the bulletin
 * @param note what it says and where that is written
 * @param scope the evidence that it is for
 * @param rows the first that matches counts
 * @param place where it is said when it was reviewed
 */
public record FloorTable(
        String name,
        String bulletin,
        LocalDate reviewed,
        String note,
        ClaimVocabulary.Scope scope,
        List<Row> rows,
        SourcePlace place) {
    /**
     * Floors of one kind of platform.
     *
     * @param match claim paths and the values, as {@link Claims#find} gives them, that they must have
     * @param atLeast components and their floors: a {@link Long}, or a {@link String} "major.minor.build"
     */
    public record Row(Map<String, Object> match, Map<String, Object> atLeast) {
        public Row {
            match = Collections.unmodifiableMap(new LinkedHashMap<>(match));
            atLeast = Collections.unmodifiableMap(new LinkedHashMap<>(atLeast));
        }
    }

    public FloorTable {
        rows = List.copyOf(rows);
    }

    /** The components that some row has a floor for, with the type of that. */
    Map<String, ClaimType> components() {
        var components = new LinkedHashMap<String, ClaimType>();
        rows.forEach(row -> row.atLeast()
                .forEach((component, floor) -> components.putIfAbsent(
                        component, floor instanceof Long ? new ClaimType.UnsignedInteger() : new ClaimType.Version())));
        return components;
    }

    /**
     * The floor of a component for the platform with these claims. Nothing when no row matches, and nothing when a claim
     * that a row wants to know is absent before any row has matched: a later, more general row might ask for less.
     */
    public Optional<Object> find(String component, Claims claims) {
        for (Row row : rows) {
            boolean matches = true;
            for (var wanted : row.match().entrySet()) {
                Optional<Object> found = claims.find(wanted.getKey());
                if (found.isEmpty()) {
                    return Optional.empty();
                }
                matches &= found.get().equals(wanted.getValue());
            }
            if (matches) {
                return Optional.ofNullable(row.atLeast().get(component));
            }
        }
        return Optional.empty();
    }
}
