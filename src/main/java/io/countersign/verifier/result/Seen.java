package io.countersign.verifier.result;

/** What a rule saw under one name: of a claim, or of a floor that it compared a claim with. */
public sealed interface Seen {
    /**
     * There was something.
     *
     * @param value a Boolean, a Long, a String, or a List of these, shortened where it is long
     */
    record Value(Object value) implements Seen {}

    /** There was nothing. */
    record Absent() implements Seen {}
}
