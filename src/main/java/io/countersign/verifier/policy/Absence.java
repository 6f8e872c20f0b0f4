package io.countersign.verifier.policy;

import io.countersign.verifier.check.Check;
import io.countersign.verifier.check.CheckReport;
import io.countersign.verifier.check.Outcome;
import java.util.List;

/**
 * Why claims of a submodule may be absent, as far as its report tells. Some rest on an endorsement: where one could not be
 * fetched just now, asking again later may bring the claim too. Which claim rests on which check is not known here.
 *
 * @param open the checks that did not pass and on which claims may rest
 */
record Absence(Outcome.Cause cause, List<String> open) {
    Absence {
        open = List.copyOf(open);
    }

    static Absence of(CheckReport report) {
        var causes = report.checks().stream()
                .map(Check::outcome)
                .filter(Outcome.Undetermined.class::isInstance)
                .map(outcome -> ((Outcome.Undetermined) outcome).cause())
                .toList();
        Outcome.Cause cause = causes.contains(Outcome.Cause.NOT_FETCHED)
                ? Outcome.Cause.NOT_FETCHED
                : causes.contains(Outcome.Cause.NOT_IN_HAND) ? Outcome.Cause.NOT_IN_HAND : Outcome.Cause.NOT_ASKED;
        return new Absence(
                cause,
                report.checks().stream()
                        .filter(check -> !check.outcome().admits())
                        .map(check -> check.id().code())
                        .toList());
    }

    /** Said after the names of the claims. */
    String words() {
        return open.isEmpty()
                ? ", which this evidence does not hold"
                : ", absent where these checks did not pass: " + Shown.listed(open, ", ", code -> code);
    }
}
