package io.countersign.verifier.check;

import java.util.List;
import java.util.Map;

/** Exactly one outcome for every check of a catalogue, in the catalogue's order. */
public final class CheckReport {
    private final List<Check> checks;

    private CheckReport(List<Check> checks) {
        this.checks = checks;
    }

    /** Demands an outcome for every constant of the enum; a missing one is our bug, not the sender's. */
    public static <E extends Enum<E> & CheckId> CheckReport covering(Class<E> catalogue, Map<E, Outcome> outcomes) {
        return covering(List.of(catalogue.getEnumConstants()), outcomes);
    }

    /** The same for a catalogue that is only part of an enum. */
    public static <E extends CheckId> CheckReport covering(List<E> catalogue, Map<E, Outcome> outcomes) {
        return new CheckReport(catalogue.stream()
                .map(id -> {
                    Outcome outcome = outcomes.get(id);
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
