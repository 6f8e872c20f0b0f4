package io.countersign.verifier.check;

/** Where a rule comes from: a document with its revision, and the section or table in it. */
public record SpecRef(String document, String section) {
    @Override
    public String toString() {
        return document + ", " + section;
    }
}
