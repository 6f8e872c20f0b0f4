package io.countersign.examples.ohttp;

/** Bytes from outside that are not what the standard says. */
public final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
        super(message);
    }
}
