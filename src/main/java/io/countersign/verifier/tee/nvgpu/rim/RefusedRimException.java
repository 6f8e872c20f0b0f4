package io.countersign.verifier.tee.nvgpu.rim;

import java.util.Objects;

/** A manifest that is not relied on: what was expected, and as the message what was found. */
final class RefusedRimException extends Exception {
    private static final long serialVersionUID = 1L;
    private final String expected;

    RefusedRimException(String expected, String actual) {
        super(actual);
        this.expected = expected;
    }

    String expected() {
        return expected;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
