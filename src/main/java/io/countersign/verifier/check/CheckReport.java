package io.countersign.verifier.check;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Exactly one outcome for every check of a catalogue, in the catalogue's order. */
public final class CheckReport {
    private final List<Check> checks;

    private CheckReport(List<Check> checks) {
        this.checks = checks;
    }

    /** Demands an outcome for every constant of the enum; a missing one is our bug, not the sender's. */
    public static <E extends Enum<E> & CheckId> CheckReport covering(Class<E> catalogue, Map<E, Outcome> outcomes) {
        var complete = new EnumMap<E, Outcome>(catalogue);
        complete.putAll(outcomes);
        return new CheckReport(Stream.of(catalogue.getEnumConstants())
                .map(id -> {
                    Outcome outcome = complete.get(id);
                    if (outcome == null) {
                        throw new IllegalStateException("no outcome for " + id.code());
                    }
                    return new Check(id, outcome);
                })
                .toList());
    }

    public List<Check> checks() {
        return checks;
    }

    public Outcome outcomeOf(CheckId id) {
        return checks.stream()
                .filter(check -> check.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(id.code() + " is not in this catalogue"))
                .outcome();
    }
}
