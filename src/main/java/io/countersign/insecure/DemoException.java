package io.countersign.insecure;

/** Something kept the demo from running; the message says what and what to do. */
final class DemoException extends Exception {
    private static final long serialVersionUID = 1;

    DemoException(String message) {
        super(message);
    }
}
