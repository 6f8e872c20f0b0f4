package io.countersign.examples.ohttp;

/** The gateway did not prove that it alone holds the key: nothing was encrypted, and nothing was sent. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
        super(message);
    }
}
