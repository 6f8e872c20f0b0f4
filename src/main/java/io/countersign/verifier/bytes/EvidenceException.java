package io.countersign.verifier.bytes;

import java.util.Objects;

/** Input that is refused before anything about it can be judged; the message is one plain sentence for its sender. */
public abstract sealed class EvidenceException extends Exception
        permits MalformedEvidenceException, UnsupportedEvidenceException {
    private static final long serialVersionUID = 1L;
    private final String structure;

    EvidenceException(String structure, String message) {
        super(message);
        this.structure = structure;
    }

    @Override
    public final String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** The structure being read, as its vendor names it. */
    public final String structure() {
        return structure;
    }
}
