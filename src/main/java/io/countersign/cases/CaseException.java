package io.countersign.cases;

/** A case cannot be used; the message says what is wrong with it and where. */
public final class CaseException extends Exception {
    private static final long serialVersionUID = 1;

    public CaseException(String message) {
        super(message);
    }
}
