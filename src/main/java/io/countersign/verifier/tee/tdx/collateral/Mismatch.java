package io.countersign.verifier.tee.tdx.collateral;

/** A field that is not what Intel's collateral says it must be, as text for people: its name, what was expected, what it is. */
public record Mismatch(String field, String expected, String actual) {
    @Override
    public String toString() {
        return "%s is %s; %s was expected".formatted(field, actual, expected);
    }
}
