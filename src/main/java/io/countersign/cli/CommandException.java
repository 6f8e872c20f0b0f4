package io.countersign.cli;

/** A command cannot go on; the message says why and what to do. */
final class CommandException extends Exception {
    private static final long serialVersionUID = 1;

    CommandException(String message) {
        super(message);
    }
}
