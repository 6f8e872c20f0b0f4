package io.countersign.verifier.tee.tdx.collateral;

import java.time.Instant;

/** The span of time that both kinds of documents state. */
final class Dates {
    private Dates() {}

    static Instant nextUpdate(JsonObject in, Instant issueDate) throws MalformedCollateralException {
        Instant nextUpdate = in.instant("nextUpdate");
        if (!issueDate.isBefore(nextUpdate)) {
            throw in.refusal("nextUpdate", "is " + nextUpdate, "a date after issueDate, " + issueDate);
        }
        return nextUpdate;
    }
}
