package io.countersign.verifier.check;

/** A declared check together with how it ended. */
public record Check(CheckId id, Outcome outcome) {
    /** The evidence did not hold what it may leave out. */
    public boolean isLeftOut() {
        return !id.blocksWhenNotAsked()
                && outcome instanceof Outcome.Undetermined open
                && open.cause() == Outcome.Cause.NOT_ASKED;
    }
}
