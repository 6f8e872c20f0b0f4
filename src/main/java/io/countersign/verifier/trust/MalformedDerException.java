package io.countersign.verifier.trust;

import java.util.Objects;

/** Bytes that are not the canonical DER of what they are meant to be; the message is one plain sentence. */
public final class MalformedDerException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedDerException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
