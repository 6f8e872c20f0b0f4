package io.countersign.verifier.scheme;

import io.countersign.verifier.bytes.EvidenceException;

/** Evidence of one submodule that is refused before anything is judged: its label and why. */
public final class RefusedEvidenceException extends Exception {
    private static final long serialVersionUID = 1L;
    private final String label;
    private final EvidenceException reason;

    public RefusedEvidenceException(String label, EvidenceException reason) {
        super(label + ": " + reason.getMessage(), reason);
        this.label = label;
        this.reason = reason;
    }

    public String label() {
        return label;
    }

    public EvidenceException reason() {
        return reason;
    }
}
