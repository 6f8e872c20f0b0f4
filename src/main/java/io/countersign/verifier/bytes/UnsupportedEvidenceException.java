package io.countersign.verifier.bytes;

/** A well-formed structure of a version, type or product that this verifier does not know; it never guesses. */
public final class UnsupportedEvidenceException extends EvidenceException {
    private static final long serialVersionUID = 1L;

    public UnsupportedEvidenceException(String structure, String why) {
        super(structure, structure + ": " + why);
    }
}
