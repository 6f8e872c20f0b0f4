package io.countersign.service.signing;

/** Signing keys cannot be read, made or used; the message is for operators and says why and what to do. */
public final class KeyTroubleException extends Exception {
    private static final long serialVersionUID = 1;

    public KeyTroubleException(String message) {
        super(message);
    }

    public KeyTroubleException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The message, which is always there. */
    public String why() {
        return String.valueOf(getMessage());
    }
}
