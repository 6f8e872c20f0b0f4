package io.countersign.verifier.policy;

/** A test of a policy supposes what its case cannot bear; the message says what and what to do. */
public final class TrialException extends Exception {
    private static final long serialVersionUID = 1;

    TrialException(String message) {
        super(message);
    }
}
