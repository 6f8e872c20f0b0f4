package io.countersign.service.store;

/** A step in Redis of which it is not known that it happened; the message is for operators. */
final class StepFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    StepFailedException(String why) {
        super(why);
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
