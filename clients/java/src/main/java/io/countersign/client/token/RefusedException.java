package io.countersign.client.token;

/** Carries a refusal out of the depth of one verification; never leaves this package. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    RefusedException(Refusal.Code code, String expected, String found, String hint) {
        super(code.word());
        this.refusal = new Refusal(code, expected, found, hint);
    }

    Refusal refusal() {
        return refusal;
    }
}
